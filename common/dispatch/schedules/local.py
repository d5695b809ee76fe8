"""Schedules without a platform: noted in the documents, fired by `runjobs serve`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from common.dispatch.schedules.base import Applied, Find, NoSuchSchedule, Place, Schedules
from common.runs import Run, Schedule
from common.runs.firing import Standing
from common.runs.firings import Firings

__all__ = ["LocalSchedules"]


class LocalSchedules(Schedules):
    """Schedules in a documents store. Who wants them to fire runs a `Cron`."""

    driven = True

    def __init__(self, firings: Firings, find: Find, start: Callable[[Run], Run]) -> None:
        """`start` has a run started that is in the ledger already."""
        super().__init__(firings, find)
        self._start = start

    def apply(self, declared: Mapping[str, Schedule]) -> Applied:
        before = {standing.job for standing in self._noted()}
        news = [job for job, schedule in declared.items() if self.firings.note(job, schedule)]
        gone = sorted(before - declared.keys())
        self.firings.forget(gone)
        return Applied(
            created=tuple(job for job in news if job not in before),
            updated=tuple(job for job in news if job in before),
            removed=tuple(gone),
        )

    def run_now(self, job: str) -> Run:
        self._check_there(job)
        return self._start(self.firings.fire(self._find(job)))

    def check(self) -> None:
        self.firings.documents.check()

    def _places(self) -> Sequence[Place]:
        return [self._place(standing) for standing in self._noted()]

    def _place(self, standing: Standing) -> Place:
        schedule = Schedule.read(standing.cron)
        coming = schedule.next(self.firings.documents.now())
        return Place(job=standing.job, cron=schedule.cron, zone=schedule.zone, next=coming)

    def _check_there(self, job: str) -> None:
        if not self.firings.get(job).cron:
            raise NoSuchSchedule(job)

    def _pause(self, job: str) -> None:
        """What the ledger says is enough."""

    def _resume(self, job: str) -> None:
        """Likewise."""

    def _noted(self) -> Sequence[Standing]:
        return [standing for standing in self.firings.list() if standing.cron]
