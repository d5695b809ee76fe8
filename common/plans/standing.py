"""How days stand: how many of their runs are done, run, are due or failed, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from common.plans.records import Day
from common.runs import Batches, Run, Runs, State

__all__ = ["DayStanding", "Hour", "Kind", "day_counts", "day_standing"]

_SHOWN = 5
"""Of the times that come next."""


class Kind(StrEnum):
    """What has become of a run, as far as a day's table tells."""

    DONE = "done"
    RUNNING = "running"
    DUE = "due"
    FAILED = "failed"
    CANCELLED = "cancelled"


_KINDS = {
    State.PENDING: Kind.DUE,
    State.STARTING: Kind.RUNNING,
    State.RUNNING: Kind.RUNNING,
    State.SUCCEEDED: Kind.DONE,
    State.FAILED: Kind.FAILED,
    State.CANCELLED: Kind.CANCELLED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Hour:
    """An hour of a day, as clocks show it there."""

    begins: datetime
    """In the day's zone."""
    counts: Mapping[Kind, int]
    """Of the runs that are due in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DayStanding:
    """How a day stands."""

    day: Day
    counts: Mapping[Kind, int]
    hours: Sequence[Hour] = field(default_factory=tuple)
    next: Sequence[datetime] = field(default_factory=tuple)
    """When the next of its runs are due, in the day's zone; those that wait for their turn too."""

    @property
    def total(self) -> int:
        """Its runs, without those that were cancelled."""
        return sum(self.counts.values()) - self.counts.get(Kind.CANCELLED, 0)

    @property
    def left(self) -> int:
        """Those that have not ended."""
        return self.counts.get(Kind.DUE, 0) + self.counts.get(Kind.RUNNING, 0)


def day_counts(runs: Runs, day: Day) -> DayStanding:
    """How many of its runs are what, of which none is read."""
    found = Counter[Kind]()
    for state, count in Batches(runs).counts(day.batch).items():
        found[_KINDS[state]] += count
    return DayStanding(day=day, counts=found)


def day_standing(runs: Runs, day: Day) -> DayStanding:
    """How it stands hour by hour, of which each run is read."""
    own = [run for run in runs.list({"batch": day.batch}) if run.batch == day.batch]
    dues = sorted(run.due for run in own if run.state is State.PENDING)
    zone = day.rhythm.clock()
    return DayStanding(
        day=day,
        counts=Counter(_KINDS[run.state] for run in own),
        hours=_hours(day, own),
        next=[due.astimezone(zone) for due in dues[:_SHOWN]],
    )


def _hours(day: Day, runs: Iterable[Run]) -> list[Hour]:
    """An hour that clocks show twice is there twice."""
    zone = day.rhythm.clock()
    found: dict[tuple[datetime, timedelta | None], Counter[Kind]] = {}
    for run in sorted(runs, key=lambda run: run.due):
        due = run.due.astimezone(zone)
        begins = due.replace(minute=0, second=0, microsecond=0)
        counts = found.setdefault((begins, begins.utcoffset()), Counter())
        counts[_KINDS[run.state]] += 1
    return [Hour(begins=begins, counts=counts) for (begins, _), counts in found.items()]
