"""Whether a scheduled job fires now: a pure function of its schedule, how it stands and the time.

decided   a moment of which it is known what became of it: it fired, was skipped or was missed
clock     we look at the time by ourselves (`runjobs serve`, a sweep)
start     Cloud Scheduler has started the job, and does not say for which moment; now and then it
          does so twice, and also when a person tells it to
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from common.runs.records import Run
from common.runs.schedule import Schedule

__all__ = ["LATE", "Decision", "Fired", "Standing", "Verdict", "by_clock", "by_start"]

LATE = timedelta(minutes=15)
"""A firing that comes so long after its moment comes too late: Cloud Scheduler tries again for some
minutes, and a container may take as long to come."""


class Verdict(StrEnum):
    """What becomes of a moment."""

    FIRE = "fire"
    ASKED = "asked"
    """It fires because a person said so, whatever the schedule says."""
    MISSED = "missed"
    OVERLAP = "overlap"
    PAUSED = "paused"
    DOUBLED = "doubled"
    """It is decided already."""
    NOT_YET = "not-yet"


_SAID = {
    Verdict.FIRE: "{job} fires for {moment}.",
    Verdict.ASKED: "{job} fires, as somebody asked.",
    Verdict.MISSED: "{job} was to fire at {moment}, which was missed: it is left out.",
    Verdict.OVERLAP: "{job} does not fire for {moment}: run {run} of the last firing goes on.",
    Verdict.PAUSED: "{job} does not fire: it is paused (runjobs schedules resume {job}).",
    Verdict.DOUBLED: "{job} has fired for {moment} already.",
    Verdict.NOT_YET: "{job} is not due.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a scheduled job stands; one document, written once for each moment."""

    job: str
    cron: str = ""
    """What it was noted with: another expression begins anew."""
    since: datetime | None = None
    """From when on its moments count as missed if nothing fires."""
    decided: datetime | None = None
    """The last moment of which it is known what became of it."""
    last: datetime | None = None
    """The last moment that fired."""
    run: str | None = None
    """The run that was made for it."""
    paused: bool = False
    asked: datetime | None = None
    """When a person said that it shall run now, as long as that has not come about."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How often each verdict was written down."""
    version: str | None = None

    def count(self, verdict: Verdict) -> int:
        """How often it was written down."""
        return self.counts.get(verdict.value, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fired:
    """What became of a moment."""

    verdict: Verdict
    job: str
    moment: datetime
    run: Run | None = None
    """The one that was made, or that is in the way."""

    def __str__(self) -> str:
        run = self.run.id if self.run else ""
        return _SAID[self.verdict].format(job=self.job, moment=f"{self.moment:%F %R %Z}", run=run)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What becomes of which moment."""

    verdict: Verdict
    moment: datetime


def by_clock(
    schedule: Schedule, standing: Standing, now: datetime, *, after: timedelta = timedelta()
) -> Decision:
    """What we do by ourselves, with moments that are at least so old."""
    if standing.paused or standing.cron != str(schedule):  # noted by code that declares another
        return Decision(verdict=Verdict.NOT_YET, moment=now)
    latest = schedule.latest(now - after)
    marks = [mark for mark in (standing.since, standing.decided) if mark is not None]
    if latest is None or not marks or latest <= max(marks):
        return Decision(verdict=Verdict.NOT_YET, moment=now)
    if now - latest > LATE and schedule.missed == "skip":
        return Decision(verdict=Verdict.MISSED, moment=latest)
    return Decision(verdict=Verdict.FIRE, moment=latest)


def by_start(schedule: Schedule, standing: Standing, now: datetime) -> Decision:
    """What a task does that Cloud Scheduler has started.

    A start long after all is decided is no doubled one: somebody has told Cloud Scheduler to run
    the job now. What was asked for may never come: a moment that came since goes before it.
    """
    asked, decided, latest = standing.asked, standing.decided, schedule.latest(now)
    due = _undecided(standing, latest)
    if asked is not None and now - asked <= LATE and (due is None or due <= asked):
        return Decision(verdict=Verdict.ASKED, moment=asked)
    if standing.paused:
        return Decision(verdict=Verdict.PAUSED, moment=latest or now)
    if due is not None:
        return Decision(verdict=Verdict.FIRE, moment=due)
    if decided is not None and now - decided <= LATE:
        return Decision(verdict=Verdict.DOUBLED, moment=decided)
    return Decision(verdict=Verdict.ASKED, moment=now)


def _undecided(standing: Standing, latest: datetime | None) -> datetime | None:
    """The latest moment, unless nothing is to become of it."""
    is_decided = latest is None or (standing.decided is not None and latest <= standing.decided)
    return None if standing.paused or is_decided else latest
