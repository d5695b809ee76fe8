"""From one run to the next in the same task, so that short runs share a container.

One commit ends a run and claims the next: the slot in their queue passes from the one to the other,
so the queue's limit on runs at once holds without asking anybody. A permit of the queue's rate is
taken by the same commit. Where there is none yet, the next run is held: reserved for this task,
which waits for a moment.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from common.clock import SYSTEM, Clock
from common.documents import Conflict
from common.ids import random_id
from common.limits import Buckets, Permits
from common.runs import transitions
from common.runs.errors import LeaseLost, Refused
from common.runs.glances import Glances
from common.runs.ledger import Runs
from common.runs.queues import Queues, permits_of
from common.runs.records import Run, State, Worker

__all__ = ["Drain"]

Step = Callable[[Run], Run]

_TRIES = 8
"""Runs that others may get before us."""
_HOLD = 5.0
"""Seconds for which a task keeps its slot until the queue's rate lets the next run begin."""


class Drain:
    """What comes after each run of one task."""

    def __init__(  # noqa: PLR0913 - what a task has to go by
        self,
        runs: Runs,
        worker: Worker,
        *,
        queues: Queues | None = None,
        tasks: int = 1,
        may_go_on: Callable[[], bool] = lambda: True,
        clock: Clock = SYSTEM,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._runs, self._worker = runs, worker
        self._may_go_on = may_go_on
        self._clock = clock
        self._glances = Glances(
            queues or Queues(runs.documents), clock=clock, place=_place(worker, tasks)
        )
        self._buckets = Buckets(runs.documents, rng=rng)
        self._next: Run | None = None

    def hand_over(self, run: Run, step: Step, *, last: Step | None = None) -> Run:
        """End a run by `step`, as Runs.apply does, and take the next one in the same commit.

        Where no run comes after it, it is ended by `last`.
        """
        if self._may_go_on():
            for _ in range(_TRIES):
                candidate = self._glances.candidate(run)
                if candidate is None or candidate.id == run.id:  # which was taken from us, then
                    break
                try:
                    return self._pass_on(run, step(run), candidate)
                except LeaseLost:
                    break
                except (Conflict, Refused):  # another was first
                    self._glances.forget()
                    if self._runs.get(run.id).version != run.version:
                        break  # to this one
        return self._runs.apply(run, last or step)

    def claim(self, pause: Callable[[float], bool]) -> Run | None:
        """The next run, owned by this task; None if there is none.

        Where the queue's rate makes it wait, `pause` waits for so many seconds, and returns whether
        to go on.
        """
        run, self._next = self._next, None
        end = self._clock.monotonic() + _HOLD
        while run is not None and run.state is State.STARTING:
            run = self._begin(run, pause, end)
        return run

    def _pass_on(self, run: Run, ended: Run, candidate: Run) -> Run:
        permits = self._permits(candidate)
        if permits is not None and not permits.count:
            taken = self._held(candidate) if permits.wait <= _HOLD else None
        else:
            taken = self._claimed(candidate)
        if taken is None:
            return self._runs.commit_all([(run, ended)])[0]
        beside = permits.writes if permits else ()
        ended, self._next = self._runs.commit_all([(run, ended), (candidate, taken)], beside=beside)
        return ended

    def _begin(self, run: Run, pause: Callable[[float], bool], end: float) -> Run | None:
        """Claim what is held, if it may begin by now; else wait a little, but not beyond the end:
        then others may hold it, and a sweep take it for one that nobody came for."""
        permits = self._permits(run)
        with suppress(Conflict, Refused):
            if permits is None or permits.count:
                beside = permits.writes if permits else ()
                return self._runs.commit_all([(run, self._claimed(run))], beside=beside)[0]
            soon = self._clock.monotonic() + permits.wait <= end
            if soon and self._may_go_on() and pause(permits.wait):
                return run
            self._runs.apply(run, self._released)
            return None
        fresh = self._runs.get(run.id)
        mine = fresh.state is State.STARTING and fresh.execution == self._worker.execution
        return fresh if mine and fresh.task == self._worker.task else None

    def _claimed(self, run: Run) -> Run:
        now = self._runs.documents.now()
        return transitions.claim(
            run, token=random_id(), worker=self._worker, now=now, lease=self._runs.lease
        )

    def _held(self, run: Run) -> Run | None:
        """Reserved for this task, which keeps the slot until the queue's rate lets it begin."""
        if self._worker.execution is None:
            return None
        now = self._runs.documents.now()
        return transitions.reserve(
            run,
            execution=self._worker.execution,
            task=self._worker.task,
            now=now,
            start_by=now + 2 * timedelta(seconds=_HOLD),
        )

    def _released(self, run: Run) -> Run:
        execution, now = self._worker.execution or "", self._runs.documents.now()
        return transitions.release(run, execution=execution, now=now)

    def _permits(self, run: Run) -> Permits | None:
        rate = self._glances.rate
        return None if rate is None else self._buckets.ask(permits_of(run.queue), rate)


def _place(worker: Worker, tasks: int) -> int:
    """The tasks of an execution stand evenly on the circle, and executions anywhere."""
    return zlib.crc32(worker.name.encode()) + worker.task * 2**32 // tasks
