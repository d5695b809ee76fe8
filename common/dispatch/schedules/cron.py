"""What fires schedules on a laptop: a look at the clock when the next moment comes.

Several may do so at once: a moment fires once, and whoever made its run starts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from common.dispatch.errors import NotStarted
from common.dispatch.schedules.base import Schedules
from common.errors import Misconfigured
from common.runs import Run
from common.runs.firing import Fired, Verdict
from common.runs.firings import Scheduled
from common.runtime.log import Log

__all__ = ["Cron"]

_MOST = timedelta(minutes=1)
"""Between two looks at the clock: a laptop that was asleep has counted none of that time."""


class Cron:
    """Fires the jobs that are declared here."""

    def __init__(
        self,
        schedules: Schedules,
        jobs: Iterable[Scheduled],
        start: Callable[[Run], object],
        *,
        check: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`start` has a run started that is in the ledger already; `check` raises Misconfigured
        for a job that could not run here."""
        self._schedules, self._start, self._check = schedules, start, check
        self._firings = schedules.firings
        self._jobs = {scheduled.job: scheduled for scheduled in jobs}
        self._next: dict[str, datetime] | None = None
        """When to look at each; None before the first look."""
        self._made: list[Run] = []
        """Runs that are yet to be started."""

    def turn(self) -> float:
        """Fire what is due; returns the seconds until there may be more to do."""
        if self._next is None:
            self._next = self._begin()
        for job, at in self._next.items():
            if at <= self._now():
                self._look(self._jobs[job])
                self._next[job] = self._jobs[job].schedule.next(self._now())
            self._start_made()
        return self._pause()

    def _begin(self) -> dict[str, datetime]:
        self._schedules.apply({job: each.schedule for job, each in self._jobs.items()})
        return dict.fromkeys(self._jobs, self._now())

    def _look(self, scheduled: Scheduled) -> None:
        try:
            self._check(scheduled.job)
        except Misconfigured as error:
            Log().error(str(error), action="cannot-fire", job=scheduled.job)
            return
        fired = self._firings.tick(scheduled)
        self._tell(fired)
        if fired.verdict is Verdict.FIRE and fired.run is not None:
            self._made.append(fired.run)

    def _start_made(self) -> None:
        """Start what was made; where the store goes away meanwhile, it is started later."""
        while self._made:
            try:
                self._start(self._made[0])
            except NotStarted as error:
                Log().warning(str(error), action="not-started", runs=[error.run.id])
            self._made.pop(0)

    def _pause(self) -> float:
        now = self._now()
        until = min((self._next or {}).values(), default=now + _MOST)
        return max(0.0, min(until - now, _MOST).total_seconds())

    def _now(self) -> datetime:
        return self._firings.documents.now()

    def _tell(self, fired: Fired) -> None:
        if fired.verdict in {Verdict.NOT_YET, Verdict.DOUBLED}:
            return
        run = fired.run.id if fired.run else None
        tell = Log().info if fired.verdict is Verdict.FIRE else Log().warning
        tell(str(fired), action=fired.verdict.value, job=fired.job, run=run)
