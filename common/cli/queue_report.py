"""Queues as they stand, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from common.cli.parts import console, print_json, shown
from common.cli.tables import span
from common.runs import Depth, Line, Queue, Run, State
from common.runtime.discover import all_jobs

if TYPE_CHECKING:
    from common.dispatch import Client
    from common.runtime.declare import Job

__all__ = [
    "QueueStanding",
    "is_known",
    "is_paused",
    "queue_standing",
    "queue_standings",
    "report_queues",
]

_LIMITS = ("max_concurrent", "max_per_second", "burst")


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueStanding:
    """How a queue stands."""

    queue: Queue
    depth: Depth
    oldest: timedelta | None
    """For how long the oldest of the ready runs has been due."""

    def source(self, limit: str) -> str:
        """Where a limit comes from: chosen, declared or default."""
        if limit in self.queue.chosen:
            return "chosen"
        return "default" if self.queue.declared is None else "declared"


def is_paused(client: Client, run: Run) -> bool:
    """Whether it is its queue's fault that a run is not started."""
    return run.state is State.PENDING and client.queues.get(run.queue).paused


def is_known(client: Client, queue: Queue) -> bool:
    """Whether anything else than its name is known of a queue."""
    return queue.version is not None or queue.name in _names(client, _jobs())


def queue_standings(client: Client) -> list[QueueStanding]:
    """All queues that are known by name, have runs, or are declared by a job that is here."""
    jobs = _jobs()
    queues = client.queues
    found = {queue.name: queue for queue in queues.list()}
    missing = _names(client, jobs) - found.keys()
    found |= {name: queues.get(name) for name in missing}
    return [_standing(client, _declared(found[name], jobs)) for name in sorted(found)]


def queue_standing(client: Client, name: str) -> QueueStanding:
    """One queue, known or not."""
    return _standing(client, _declared(client.queues.get(name), _jobs()))


def report_queues(found: list[QueueStanding], *, in_json: bool) -> None:
    """Tell how queues stand."""
    if in_json:
        print_json([_data(standing) for standing in found])
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("QUEUE", no_wrap=True)
    for column in ("READY", "LATER", "ACTIVE", "OF", "A SECOND", "OLDEST"):
        table.add_column(column, no_wrap=True, justify="right")
    table.add_column("NOTE", overflow="fold")
    for standing in found:
        table.add_row(*_cells(standing))
    console().print(table)


def _jobs() -> list[Job]:
    return all_jobs(lambda _name, _error: None)  # `runjobs jobs` tells what is wrong with one


def _names(client: Client, jobs: list[Job]) -> set[str]:
    known = {queue.name for queue in client.queues.list()}
    return known | {job.queue for job in jobs} | set(Line(client.documents).queues())


def _declared(queue: Queue, jobs: list[Job]) -> Queue:
    """With what its job declares, where nothing was submitted yet that would have noted it."""
    limits = next((job.limits for job in jobs if job.queue == queue.name and job.limits), None)
    if limits is None or queue.declared is not None:
        return queue
    return replace(queue, declared=limits, limits=replace(limits, **queue.chosen))


def _standing(client: Client, queue: Queue) -> QueueStanding:
    line = Line(client.documents)
    oldest = line.oldest(queue.name)
    waited = client.documents.now() - oldest.due if oldest else None
    return QueueStanding(queue=queue, depth=line.depth(queue.name), oldest=waited)


def _data(standing: QueueStanding) -> dict[str, Any]:
    queue, depth, oldest = standing.queue, standing.depth, standing.oldest
    return {
        "name": queue.name,
        "paused": queue.paused,
        **{limit: getattr(queue.limits, limit) for limit in _LIMITS},
        "sources": {limit: standing.source(limit) for limit in _LIMITS},
        "weights": dict(queue.weights),
        "ready": depth.ready,
        "later": depth.later,
        "active": depth.active,
        "oldest_ready_seconds": None if oldest is None else max(0.0, oldest.total_seconds()),
    }


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
    chosen = [limit for limit in _LIMITS if standing.source(limit) == "chosen"]
    if chosen:
        notes.append(f"{' and '.join(chosen)} chosen")
    elif queue.declared:
        notes.append("as declared")
    return notes + [f"weight {shown(name)}={weight}" for name, weight in queue.weights.items()]
