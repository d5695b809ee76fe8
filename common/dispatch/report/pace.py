"""How fast a queue's runs go, and so when what waits there will be done.

Runs are counted by how and when they ended, and of the last ones it is read how long they took: so
it costs the same however much a queue has done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.dispatch.report.queues import QueueStanding
from common.documents import Documents, Query
from common.documents.query import Filter
from common.runs import Run, State
from common.runs.codec import RUNS, is_readable, read_run
from common.runs.places import ended_in

__all__ = ["DAY", "HOUR", "Pace", "estimate", "pace"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_READ = 25
"""Runs of which it is read how long they took."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """What a queue has done of late."""

    hour: int = 0
    """Runs that succeeded or failed in the last hour."""
    day: int = 0
    """And in the last day."""
    failed: int = 0
    """Those of the last day that failed: its new dead letters."""
    mean: timedelta | None = None
    """How long a run takes its slot, by some that succeeded in the last hour or else in the last
    day; None where none did."""


def pace(documents: Documents, queue: str, now: datetime) -> Pace:
    """What a queue has done of late."""
    failed = _count(documents, queue, State.FAILED, now - DAY)
    day = failed + _count(documents, queue, State.SUCCEEDED, now - DAY)
    if not day:
        return Pace()
    succeeded = _count(documents, queue, State.SUCCEEDED, now - HOUR)
    hour = succeeded + _count(documents, queue, State.FAILED, now - HOUR)
    recent = _recent(documents, queue, now - (HOUR if succeeded else DAY))
    return Pace(hour=hour, day=day, failed=failed, mean=_mean(recent))


def estimate(standing: QueueStanding, pace: Pace) -> timedelta | None:
    """How long until what is due now will be done, if nothing else comes; None if that is not
    known: because the queue is paused, or nothing of late tells how long a run takes."""
    depth, limits = standing.depth, standing.queue.limits
    waiting = depth.ready + depth.active
    if not waiting:
        return timedelta()
    if pace.mean is None or (standing.queue.paused and depth.ready):
        return None
    slots = min(waiting, limits.max_concurrent or waiting)
    # What runs has half of its time before it, as a rule.
    by_slots = pace.mean * (depth.ready + depth.active / 2) / slots
    if limits.max_per_second is None:
        return max(by_slots, pace.mean / 2)
    return max(by_slots, pace.mean / 2, timedelta(seconds=depth.ready / limits.max_per_second))


def _count(documents: Documents, queue: str, state: State, since: datetime) -> int:
    return documents.count(Query(RUNS, where=_since(queue, state, since)))


def _recent(documents: Documents, queue: str, since: datetime) -> Sequence[Run]:
    where = _since(queue, State.SUCCEEDED, since)
    query = Query(RUNS, where=where, order=("ended",), limit=_READ)
    return [read_run(found) for found in documents.query(query) if is_readable(found)]


def _since(queue: str, state: State, since: datetime) -> tuple[Filter, ...]:
    return ("done", "==", ended_in(queue, state)), ("ended", ">=", since)


def _mean(runs: Sequence[Run]) -> timedelta | None:
    took = [(run.ended - run.attempts[-1].started) for run in runs if run.ended and run.attempts]
    return sum(took, timedelta()) / len(took) if took else None
