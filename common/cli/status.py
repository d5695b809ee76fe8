"""runjobs status: what waits, how fast it goes, and what has become of today's plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from common.cli.parts import console, json_option, print_json, runs_are
from common.cli.queue_options import queue_name
from common.cli.queue_report import note_unknown
from common.cli.tables import counts, print_table, words
from common.cli.times import span
from common.dispatch import Client
from common.dispatch.report.status import QueueStatus, Status, status
from common.dispatch.report.status_data import status_data
from common.plans.standing import Kind

__all__ = ["status_command"]

_COLUMNS = (
    *words("QUEUE", "STATE"),
    *counts("LIMITS", spare=True),
    *counts("READY", "LATER", "ACTIVE", "OLDEST", "NEXT"),
    *counts("HOUR", "DAY", "FAILED", "TAKES", spare=True),
    *counts("EMPTY IN"),
)
_ROOMY = 110


@click.command("status")
@click.option(
    "--queue",
    metavar="NAME",
    callback=lambda ctx, param, name: name and queue_name(ctx, param, name),
    help="Of this queue only.",
)
@json_option
def status_command(queue: str | None, *, in_json: bool) -> None:
    """Tell how everything stands: queues and their limits, what waits, how fast it goes.

    READY is due and waits for its turn, LATER is not due yet, ACTIVE is starting or running. HOUR
    and DAY are runs that ended in the last of each. EMPTY IN is an estimate for what is due, from
    how long runs took of late and how many may run at once.
    """
    with Client() as client:
        if queue is not None:
            note_unknown(client, queue)
        found = status(client, queue)
    if in_json:
        data = status_data(found)
        print_json(
            data if queue is None else {"queue_type": data["queue_type"], **data["queues"][0]}
        )
        return
    _print(found, of_one=queue is not None)


def _print(found: Status, *, of_one: bool) -> None:
    print_table(_COLUMNS, map(_cells, found.queues), roomy=_ROOMY)
    if of_one:
        return
    screen = console()
    for day in found.days:
        told = [f"{day.counts[kind]:,} {kind}" for kind in Kind if day.counts.get(kind)]
        screen.print(f"Plan {day.day.plan} {day.day.day}: {', '.join(told)}")
    if found.dead_letters:
        new = sum(each.pace.failed for each in found.queues)
        letters = f"[red]{runs_are(found.dead_letters)} dead letters[/]"
        screen.print(f"{letters}, {new:,} of the last day: `runjobs dead-letters list`.")


def _cells(found: QueueStatus) -> tuple[str, ...]:
    standing, pace = found.standing, found.pace
    queue, depth, limits = standing.queue, standing.depth, standing.queue.limits
    rate = "any" if limits.max_per_second is None else f"{limits.max_per_second:g}"
    most = "any" if limits.max_concurrent is None else f"{limits.max_concurrent:,}"
    return (
        queue.name,
        "[red]PAUSED[/]" if queue.paused else "RUNNING",
        f"{most}, {rate}/s",
        *(_count(each) for each in (depth.ready, depth.later, depth.active)),
        "-" if standing.oldest is None else _brief(standing.oldest),
        "-" if found.next is None else _until(found.next),
        *(_count(each) for each in (pace.hour, pace.day)),
        f"[red]{pace.failed:,}[/]" if pace.failed else "-",
        "-" if pace.mean is None else span(pace.mean),
        _estimate(found),
    )


def _count(count: int) -> str:
    return f"{count:,}" if count else "-"


def _estimate(found: QueueStatus) -> str:
    depth = found.standing.depth
    if not depth.ready + depth.active:
        return "-"
    return "unknown" if found.estimate is None else _brief(found.estimate)


def _until(moment: datetime) -> str:
    left = moment - datetime.now(UTC)
    return "now" if left <= timedelta() else f"in {_brief(left)}"


def _brief(length: timedelta) -> str:
    """A length of time in its two largest units, as short as can be."""
    minutes, seconds = divmod(max(0, round(length.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    some = [number for number, (count, _) in enumerate(units) if count]
    first = some[0] if some else 3
    return "".join(f"{count}{unit}" for count, unit in units[first : first + 2] if count) or "0s"
