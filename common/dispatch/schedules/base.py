"""The seam to what starts jobs by the clock.

schedule  of a job, declared with it; applied once it is where it fires from
applied   what is there and will fire: Cloud Scheduler's jobs that carry our mark, or what
          `runjobs serve` has noted
paused    it does not fire until it is resumed, and what it missed meanwhile is not made up. That
          is said in the ledger first, where every firing looks, so that it holds at once
driven    whether a process of ours has to fire them (`Cron`); else the platform does by itself

What a firing is, and that there is at most one for each moment, is the ledger's
(common/runs/firings.py), whoever fires.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.errors import InvalidInput, Misconfigured, Unavailable
from common.runs import Run, Schedule
from common.runs.firing import Standing
from common.runs.firings import Firings, Scheduled

__all__ = ["Applied", "Entry", "Find", "NoSuchSchedule", "Place", "Schedules"]

Find = Callable[[str], Scheduled]
"""The scheduled job of that name, as it is declared here. Raises InvalidInput."""


class NoSuchSchedule(InvalidInput):
    """Raised when nothing fires a job of that name."""

    def __init__(self, job: str) -> None:
        super().__init__(f"There is no schedule of {job}: see `runjobs schedules list`.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What a backend knows of a schedule."""

    job: str
    cron: str
    zone: str
    state: str = "active"
    """active, paused, or what else the platform says of it."""
    next: datetime | None = None
    """When it fires next, as long as it is active."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """How a schedule stands: where it fires from, and in the ledger."""

    place: Place
    standing: Standing

    @property
    def job(self) -> str:
        """Whose it is."""
        return self.place.job

    @property
    def state(self) -> str:
        """Paused where either says so."""
        return "paused" if self.standing.paused else self.place.state

    @property
    def next(self) -> datetime | None:
        """When it fires next, if it does."""
        return self.place.next if self.state == "active" else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What applying has changed: names of jobs."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Schedules(ABC):
    """The schedules of one ledger.

    Every method raises Unavailable where the platform or the store did not answer, and
    Misconfigured where it never will; each may be called again then.
    """

    driven = False

    def __init__(self, firings: Firings, find: Find) -> None:
        self.firings = firings
        self._find = find

    @abstractmethod
    def apply(self, declared: Mapping[str, Schedule]) -> Applied:
        """Have just these fire, by the names of their jobs; what is not ours is left alone."""

    def list(self) -> list[Entry]:
        """All that are applied, by name."""
        standings = {standing.job: standing for standing in self.firings.list()}
        found = sorted(self._places(), key=lambda place: place.job)
        return [
            Entry(place=each, standing=standings.get(each.job) or Standing(job=each.job))
            for each in found
        ]

    def pause(self, job: str) -> None:
        """Have it not fire. Raises NoSuchSchedule.

        Where the platform fails, that is raised, but a job that is declared here is paused in the
        ledger all the same.
        """
        try:
            self._check_there(job)
        except (Unavailable, Misconfigured):
            self.firings.pause(self._find(job).job)
            raise
        self.firings.pause(job)
        self._pause(job)

    def resume(self, job: str) -> None:
        """Have it fire again. Raises NoSuchSchedule."""
        self._check_there(job)
        self._resume(job)
        self.firings.pause(job, paused=False)

    def pause_all(self, declared: Iterable[str]) -> None:
        """Have none fire: those of these jobs even where the platform fails, which is raised."""
        for job in declared:
            self.firings.pause(job)
        for entry in self.list():
            self.pause(entry.job)

    def resume_all(self, declared: Iterable[str]) -> None:
        """Have all fire again, and these jobs also where nothing is applied yet."""
        for entry in self.list():
            self.resume(entry.job)
        for job in declared:
            if self.firings.get(job).paused:
                self.firings.pause(job, paused=False)

    @abstractmethod
    def run_now(self, job: str) -> Run | None:
        """Have it fire now, also if it is paused; None where the platform will make the run.

        Raises NoSuchSchedule, and Refused where that would overlap.
        """

    @abstractmethod
    def check(self) -> None:
        """Raise Misconfigured if schedules could not be had; change nothing."""

    # What a backend does besides.

    @abstractmethod
    def _places(self) -> Sequence[Place]:
        """All that are applied."""

    @abstractmethod
    def _check_there(self, job: str) -> None:
        """Raise NoSuchSchedule where none of this job is applied."""

    @abstractmethod
    def _pause(self, job: str) -> None:
        """Have the platform pause it, beside the ledger."""

    @abstractmethod
    def _resume(self, job: str) -> None: ...
