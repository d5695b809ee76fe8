"""Firing: making the run of a moment, by one commit that notes it too.

The run's id follows from job and moment, and the note holds only while nobody else wrote it: so a
moment fires once, however many processes see it come and however often a start is doubled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from common.documents import Conflict, Create, Write
from common.ids import random_id
from common.runs import transitions
from common.runs.codec import RUNS, run_data
from common.runs.errors import NotClaimable, Refused
from common.runs.firing import Decision, Fired, Standing, Verdict, by_clock, by_start
from common.runs.following import follow
from common.runs.ledger import Runs
from common.runs.records import Run, Worker, evolve
from common.runs.schedule import Schedule
from common.runs.standings import FIRES, Standings, noted

__all__ = ["Firings", "NotFired", "Scheduled"]

Decide = Callable[[Standing, datetime], Decision]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheduled:
    """A job that has a schedule, as far as the ledger has to know it."""

    job: str
    schedule: Schedule
    make: Callable[[datetime, datetime], Run]
    """Its run for a moment, pending, made at a time; the same moment gives the same id."""


class NotFired(NotClaimable):
    """Raised when a start by Cloud Scheduler is one too many; there is nothing to do for it."""

    action = "not-fired"

    def __init__(self, fired: Fired) -> None:
        super().__init__(str(fired))
        self.fired = fired


class Firings(Standings):
    """The scheduled jobs of a ledger: how they stand, and what became of their moments."""

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs.documents)
        self._runs = runs

    def tick(self, scheduled: Scheduled, *, after: timedelta = timedelta()) -> Fired:
        """Fire if it is due by the clock, for a moment that is at least so old.

        It has to be noted before. Whoever gets a run here has its queue looked at.
        """

        def decide(standing: Standing, now: datetime) -> Decision:
            return by_clock(scheduled.schedule, standing, now, after=after)

        return self._decided(scheduled, decide)

    def fire(self, scheduled: Scheduled) -> Run:
        """Fire because somebody says so. Raises Refused where that would overlap."""

        def decide(_standing: Standing, now: datetime) -> Decision:
            return Decision(verdict=Verdict.ASKED, moment=now)

        fired = self._decided(scheduled, decide)
        if fired.verdict is not Verdict.ASKED or fired.run is None:
            raise _overlapping(fired.job, fired.run)
        return fired.run

    def ask(self, scheduled: Scheduled) -> None:
        """Have the next start that comes for it fire. Raises Refused where that would overlap."""
        busy = self._in_the_way(scheduled, self.get(scheduled.job))
        if busy is not None:
            raise _overlapping(scheduled.job, busy)
        now = self.documents.now()
        self._write(scheduled.job, {"asked": now})

    def begin(self, scheduled: Scheduled, worker: Worker) -> Run:
        """Fire for the task that Cloud Scheduler has started, its run claimed from the start.

        Raises NotFired where there is nothing to do for it.
        """
        if worker.task_attempt and (own := self._own(scheduled.job, worker)):
            return self._runs.claim(own.id, worker)
        token = random_id()

        def decide(standing: Standing, now: datetime) -> Decision:
            return by_start(scheduled.schedule, standing, now)

        def claim(run: Run) -> Run:
            lease = self._runs.lease
            return transitions.claim(run, token=token, worker=worker, now=run.created, lease=lease)

        fired = self._decided(scheduled, decide, claim)
        if fired.verdict in FIRES and fired.run is not None:
            return fired.run
        own = self._own(scheduled.job, worker)
        if own is not None and own.token == token:  # it was done, and the answer lost
            return own
        raise NotFired(fired)

    def _decided(
        self, scheduled: Scheduled, decide: Decide, claim: Callable[[Run], Run] = lambda run: run
    ) -> Fired:
        def once() -> Fired:
            now, standing = self.documents.now(), self.get(scheduled.job)
            decision = decide(standing, now)
            fired = Fired(verdict=decision.verdict, job=scheduled.job, moment=decision.moment)
            if fired.verdict not in FIRES:
                return self._note(standing, scheduled, fired)
            if busy := self._in_the_way(scheduled, standing):
                fired = replace(fired, verdict=Verdict.OVERLAP, run=busy)
                return self._note(standing, scheduled, fired)
            fired = replace(fired, run=claim(scheduled.make(fired.moment, now)))
            return self._make(noted(standing, str(scheduled.schedule), fired), fired)

        return self.documents.optimistic(once)

    def _note(self, standing: Standing, scheduled: Scheduled, fired: Fired) -> Fired:
        if fired.verdict not in {Verdict.NOT_YET, Verdict.DOUBLED}:
            self.documents.commit([noted(standing, str(scheduled.schedule), fired)])
        return fired

    def _make(self, note: Write, fired: Fired) -> Fired:
        """Make the run and note it. Raises Conflict."""
        run = fired.run
        if run is None:
            return fired
        writes = [Create(RUNS, run.id, run_data(run)), note, *follow(self.documents, None, run)]
        try:
            version = self.documents.commit(writes)[0]
        except Conflict:
            if self._runs.find(run.id) is None:
                raise
            self.documents.commit([note])  # the moment has its run, and lacked the note
            return replace(fired, verdict=Verdict.DOUBLED)
        return replace(fired, run=evolve(run, version=version or ""))

    def _in_the_way(self, scheduled: Scheduled, standing: Standing) -> Run | None:
        """The run of the last firing, if it has not ended and must have."""
        if scheduled.schedule.overlap or not standing.run:
            return None
        run = self._runs.find(standing.run)
        return None if run is None or run.state.ended else run

    def _own(self, job: str, worker: Worker) -> Run | None:
        """The run of the last firing, if it was this very task that began it."""
        id = self.get(job).run
        run = self._runs.find(id) if id else None
        if run is None or not run.attempts:
            return None
        last = run.attempts[-1].worker
        return run if (last.name, last.task) == (worker.name, worker.task) else None


def _overlapping(job: str, run: Run | None) -> Refused:
    id = run.id if run else ""
    return Refused(
        f"Run {id} of the last firing of {job} has not ended: wait for it (runjobs watch {id}), or "
        "cancel it."
    )
