"""How everything stands, as JSON objects."""

from __future__ import annotations

from typing_extensions import TypedDict

from common.dispatch.report.runs import time
from common.dispatch.report.status import QueueStatus, Status
from common.plans.standing import DayStanding, Kind

__all__ = ["QueueStatusData", "StatusData", "status_data"]


class RateLimits(TypedDict):
    """A queue's limits, as Cloud Tasks calls them; null for none."""

    max_dispatches_per_second: float | None
    max_concurrent_dispatches: int | None


class QueueStatusData(TypedDict):
    """How a queue stands. Times are RFC 3339, in UTC; null stands for what is not known."""

    name: str
    state: str
    rate_limits: RateLimits
    approximate_task_count: int
    ready: int
    later: int
    active: int
    oldest_ready_seconds: float | None
    next_due: str | None
    finished_last_hour: int
    finished_last_day: int
    failed_last_day: int
    mean_seconds: float | None
    estimated_seconds_to_empty: float | None


class PlanStatusData(TypedDict):
    """How a planned day stands."""

    plan: str
    day: str
    job: str
    batch: str
    runs: int
    done: int
    left: int
    failed: int


class StatusData(TypedDict):
    """How everything stands."""

    queue_type: str
    state: str
    approximate_task_count: int
    dead_letters: int
    failed_last_day: int
    queues: list[QueueStatusData]
    plans: list[PlanStatusData]


def status_data(found: Status) -> StatusData:
    """The same for programs, with the names that Cloud Tasks has for what it has too."""
    queues = [_data(each) for each in found.queues]
    paused = bool(queues) and all(each["state"] == "PAUSED" for each in queues)
    return {
        "queue_type": found.wakeups.replace("-", "_"),
        "state": "PAUSED" if paused else "RUNNING",
        "approximate_task_count": sum(each["approximate_task_count"] for each in queues),
        "dead_letters": found.dead_letters,
        "failed_last_day": sum(each["failed_last_day"] for each in queues),
        "queues": queues,
        "plans": [_plan(each) for each in found.days],
    }


def _data(found: QueueStatus) -> QueueStatusData:
    queue, depth = found.standing.queue, found.standing.depth
    oldest, mean, left = found.standing.oldest, found.pace.mean, found.estimate
    return {
        "name": queue.name,
        "state": "PAUSED" if queue.paused else "RUNNING",
        "rate_limits": {
            "max_dispatches_per_second": queue.limits.max_per_second,
            "max_concurrent_dispatches": queue.limits.max_concurrent,
        },
        "approximate_task_count": depth.ready + depth.later + depth.active,
        "ready": depth.ready,
        "later": depth.later,
        "active": depth.active,
        "oldest_ready_seconds": None if oldest is None else max(0.0, oldest.total_seconds()),
        "next_due": time(found.next),
        "finished_last_hour": found.pace.hour,
        "finished_last_day": found.pace.day,
        "failed_last_day": found.pace.failed,
        "mean_seconds": None if mean is None else round(mean.total_seconds(), 3),
        "estimated_seconds_to_empty": None if left is None else round(left.total_seconds(), 1),
    }


def _plan(found: DayStanding) -> PlanStatusData:
    day = found.day
    return {
        "plan": day.plan,
        "day": day.day.isoformat(),
        "job": day.job,
        "batch": day.batch,
        "runs": found.total,
        "done": found.counts.get(Kind.DONE, 0),
        "left": found.left,
        "failed": found.counts.get(Kind.FAILED, 0),
    }
