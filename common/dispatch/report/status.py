"""How everything stands: each queue, the days that are planned, and what has failed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.dispatch.report.pace import Pace, estimate, pace
from common.dispatch.report.queues import QueueStanding, queue_standing, queue_standings
from common.documents import Query
from common.plans import Plans
from common.plans.standing import DayStanding, day_counts
from common.runs import Line, State

if TYPE_CHECKING:
    from common.services import Services

__all__ = ["QueueStatus", "Status", "status"]

_AT_ONCE = 8
"""Questions that the store is asked at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueStatus:
    """How a queue stands, and how it goes."""

    standing: QueueStanding
    pace: Pace
    next: datetime | None
    """When the next of those runs is due that are due later."""
    estimate: timedelta | None
    """How long until what is due now will be done; None where that is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """How everything stands."""

    wakeups: str
    """What wakes the dispatcher up."""
    queues: Sequence[QueueStatus]
    days: Sequence[DayStanding]
    """Those that were planned, and have begun, and are neither over nor cancelled."""
    dead_letters: int
    """All that there are."""


def status(services: Services, queue: str | None = None) -> Status:
    """How all queues stand, or that one, and the days that are planned."""
    documents = services.documents
    now = documents.now()
    found = queue_standings(services) if queue is None else [queue_standing(services, queue)]
    days = [day for day in Plans(documents).days() if day.rhythm.window(day.day)[0] <= now]
    failed = Query("runs", where=(("state", "==", State.FAILED.value),))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        dead = pool.submit(documents.count, failed)
        counted = pool.map(lambda day: day_counts(services.runs, day), days)
        queues = pool.map(lambda standing: _queue(services, standing, now), found)
        return Status(
            wakeups=services.settings.wakeups,
            queues=list(queues),
            days=[each for each in counted if each.left or each.day.cancelled is None],
            dead_letters=dead.result(),
        )


def _queue(services: Services, standing: QueueStanding, now: datetime) -> QueueStatus:
    name = standing.queue.name
    later = Line(services.documents).soonest(name) if standing.depth.later else None
    of_late = pace(services.documents, name, now)
    return QueueStatus(
        standing=standing,
        pace=of_late,
        next=later.due if later else None,
        estimate=estimate(standing, of_late),
    )
