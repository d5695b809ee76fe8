"""How queues stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from common.runs import Depth, Line, Queue
from common.runtime.discover import all_jobs

if TYPE_CHECKING:
    from common.runtime.declare import Job
    from common.services import Services

__all__ = [
    "LIMITS",
    "QueueData",
    "QueueStanding",
    "is_known",
    "queue_data",
    "queue_standing",
    "queue_standings",
]

LIMITS = ("max_concurrent", "max_per_second", "burst")


class QueueData(TypedDict):
    """How a queue stands."""

    name: str
    paused: bool
    max_concurrent: int | None
    max_per_second: float | None
    burst: int
    sources: dict[str, str]
    weights: dict[str, int]
    ready: int
    later: int
    active: int
    oldest_ready_seconds: float | None


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


def is_known(services: Services, queue: Queue) -> bool:
    """Whether anything else than its name is known of a queue."""
    return queue.version is not None or queue.name in _names(services, _jobs())


def queue_standings(services: Services) -> list[QueueStanding]:
    """All queues that are known by name, have runs, or are declared by a job that is here."""
    jobs = _jobs()
    queues = services.queues
    found = {queue.name: queue for queue in queues.list()}
    missing = _names(services, jobs) - found.keys()
    found |= {name: queues.get(name) for name in missing}
    return [_standing(services, _declared(found[name], jobs)) for name in sorted(found)]


def queue_standing(services: Services, name: str) -> QueueStanding:
    """One queue, known or not."""
    return _standing(services, _declared(services.queues.get(name), _jobs()))


def queue_data(standing: QueueStanding) -> QueueData:
    """The same for programs."""
    queue, depth, oldest = standing.queue, standing.depth, standing.oldest
    return {
        "name": queue.name,
        "paused": queue.paused,
        "max_concurrent": queue.limits.max_concurrent,
        "max_per_second": queue.limits.max_per_second,
        "burst": queue.limits.burst,
        "sources": {limit: standing.source(limit) for limit in LIMITS},
        "weights": dict(queue.weights),
        "ready": depth.ready,
        "later": depth.later,
        "active": depth.active,
        "oldest_ready_seconds": None if oldest is None else max(0.0, oldest.total_seconds()),
    }


def _jobs() -> list[Job]:
    return all_jobs(lambda _name, _error: None)  # `runjobs jobs` tells what is wrong with one


def _names(services: Services, jobs: list[Job]) -> set[str]:
    known = {queue.name for queue in services.queues.list()}
    return known | {job.queue for job in jobs} | set(Line(services.documents).queues())


def _declared(queue: Queue, jobs: list[Job]) -> Queue:
    """With what its job declares, where nothing was submitted yet that would have noted it."""
    limits = next((job.limits for job in jobs if job.queue == queue.name and job.limits), None)
    if limits is None or queue.declared is not None:
        return queue
    return replace(queue, declared=limits, limits=replace(limits, **queue.chosen))


def _standing(services: Services, queue: Queue) -> QueueStanding:
    line = Line(services.documents)
    oldest = line.oldest(queue.name)
    waited = services.documents.now() - oldest.due if oldest else None
    return QueueStanding(queue=queue, depth=line.depth(queue.name), oldest=waited)
