"""Queues as they stand, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from common.cli.parts import print_json, shown
from common.cli.tables import counts, print_table, words
from common.cli.times import span
from common.dispatch.report.queues import LIMITS, QueueStanding, is_known, queue_data
from common.runs import Run, State

if TYPE_CHECKING:
    from common.dispatch import Client

__all__ = ["is_paused", "note_unknown", "report_queues"]

_COLUMNS = (
    *words("QUEUE"),
    *counts("READY", "LATER", "ACTIVE", "OF", "A SECOND", "OLDEST"),
    *words("NOTE", long=True),
)


def is_paused(client: Client, run: Run) -> bool:
    """Whether it is its queue's fault that a run is not started."""
    return run.state is State.PENDING and client.queues.get(run.queue).paused


def note_unknown(client: Client, name: str) -> None:
    """A name that is mistyped is as good as any other; so it is said."""
    if not is_known(client, client.queues.get(name)):
        click.echo(f"Note: no job here declares the queue {name}, and no run is in it.", err=True)


def report_queues(found: list[QueueStanding], *, in_json: bool) -> None:
    """Tell how queues stand."""
    if in_json:
        print_json([queue_data(standing) for standing in found])
        return
    print_table(_COLUMNS, map(_cells, found))


def _cells(standing: QueueStanding) -> tuple[str, ...]:
    queue, depth, limits = standing.queue, standing.depth, standing.queue.limits
    rate = limits.rate
    return (
        queue.name,
        f"{depth.ready:,}",
        f"{depth.later:,}",
        f"{depth.active:,}",
        "any" if limits.max_concurrent is None else f"{limits.max_concurrent:,}",
        "any" if rate is None else f"{rate.per_second:g}",
        span(standing.oldest),
        ", ".join(_notes(standing)),
    )


def _notes(standing: QueueStanding) -> list[str]:
    queue = standing.queue
    notes = ["[red]paused[/]"] if queue.paused else []
    if queue.limits.rate and queue.limits.burst:
        notes.append(f"burst {queue.limits.burst:,}")
    chosen = [limit for limit in LIMITS if standing.source(limit) == "chosen"]
    if chosen:
        notes.append(f"{' and '.join(chosen)} chosen")
    elif queue.declared:
        notes.append("as declared")
    return notes + [f"weight {shown(name)}={weight}" for name, weight in queue.weights.items()]
