"""runjobs schedules: when jobs run by themselves, holding that back, and running one now."""

from __future__ import annotations

from collections.abc import Iterable

import click

from common.cli.parts import json_option, one_or_all, print_json
from common.cli.submit_one import tell_run
from common.cli.tables import print_table, words
from common.cli.times import ago
from common.dispatch import Client
from common.dispatch.report.runs import brief
from common.dispatch.report.schedules import schedule_data
from common.dispatch.schedules import Entry, Place, Schedules, declared, open_schedules
from common.runs.firing import Verdict
from common.runs.firings import Scheduled

__all__ = ["schedules_command"]

_COLUMNS = (
    *words("JOB", "SCHEDULE"),
    *words("ZONE", spare=True),
    *words("NEXT"),
    *words("LAST", "RUN", spare=True),
    *words("STATE"),
    *words("NOTE", long=True),
)
_ROOMY = 115


@click.group("schedules")
def schedules_command() -> None:
    """Schedules: list them, pause and resume them, run one now.

    They are declared with their jobs. Cloud Scheduler fires them, or `runjobs serve` on a laptop.
    """


@schedules_command.command("list")
@json_option
def list_command(*, in_json: bool) -> None:
    """List the schedules, and when each fires.

    One that is not-deployed is declared here and fires nowhere.
    """
    with Client() as client:
        schedules = _opened(client)
        found = schedules.list()
        there = {entry.job for entry in found}
        lacking = [_lacking(schedules, each) for each in declared() if each.job not in there]
        if found or lacking or in_json:
            _report([*found, *lacking], in_json=in_json)
        else:
            click.echo("No job has a schedule.", err=True)


@schedules_command.command("pause")
@one_or_all()
@json_option
def pause_command(name: str | None, *, in_json: bool) -> None:
    """Have a schedule not fire until it is resumed.

    What runs goes on, and what is missed meanwhile is not made up.
    """
    _each(name, pause=True, in_json=in_json)


@schedules_command.command("resume")
@one_or_all()
@json_option
def resume_command(name: str | None, *, in_json: bool) -> None:
    """Have a schedule that was paused fire again.

    It begins with its next time.
    """
    _each(name, pause=False, in_json=in_json)


@schedules_command.command("run")
@click.argument("name")
@json_option
def run_command(name: str, *, in_json: bool) -> None:
    """Run a scheduled job now, also if it is paused.

    It is refused while the last run of the schedule goes on.
    """
    with Client() as client:
        run = _opened(client).run_now(name)
        if in_json:
            print_json({"name": name, "run": brief(run) if run else None})
        elif run is None:
            click.echo(f"Cloud Scheduler starts {name}: `runjobs list --job {name}` shows its run.")
        else:
            tell_run(client, run, in_json=False)


def _each(name: str | None, *, pause: bool, in_json: bool) -> None:
    with Client() as client:
        schedules = _opened(client)
        if name is not None:
            (schedules.pause if pause else schedules.resume)(name)
        else:
            jobs = [each.job for each in declared()]
            (schedules.pause_all if pause else schedules.resume_all)(jobs)
        found = [entry for entry in schedules.list() if name in {None, entry.job}]
        _report(found, in_json=in_json)


def _lacking(schedules: Schedules, scheduled: Scheduled) -> Entry:
    said = scheduled.schedule
    place = Place(job=scheduled.job, cron=said.cron, zone=said.zone, state="not-deployed")
    return Entry(place=place, standing=schedules.firings.get(scheduled.job))


def _opened(client: Client) -> Schedules:
    """Where a process of ours has to fire them, those that are declared here."""
    # Later, since who only looks needs no dispatcher.
    schedules = open_schedules(client, lambda run: client.dispatcher.submit(run))  # noqa: PLW0108
    if schedules.driven:
        schedules.apply({each.job: each.schedule for each in declared()})
    return schedules


def _report(found: Iterable[Entry], *, in_json: bool) -> None:
    if in_json:
        print_json([schedule_data(entry) for entry in found])
        return
    print_table(_COLUMNS, map(_cells, found), roomy=_ROOMY)


def _cells(entry: Entry) -> tuple[str, ...]:
    place, standing = entry.place, entry.standing
    return (
        f"[bold cyan]{entry.job}[/]",
        place.cron,
        place.zone,
        f"{entry.next.astimezone():%F %R}" if entry.next else "-",
        ago(standing.last) if standing.last else "-",
        standing.run or "-",
        f"[red]{entry.state}[/]" if entry.state != "active" else entry.state,
        ", ".join(_notes(entry)),
    )


def _notes(entry: Entry) -> Iterable[str]:
    """What did not go as the schedule says."""
    if skipped := entry.standing.count(Verdict.OVERLAP):
        yield f"skipped {skipped:,}"
    if missed := entry.standing.count(Verdict.MISSED):
        yield f"missed {missed:,}"
