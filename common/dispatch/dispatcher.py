"""The dispatcher: takes runs from queues, starts executions for them, and mends what went wrong.

Whatever it leaves undone when it dies is done by the next one that looks: all it knows is in the
ledger, and each step is a commit that at most one dispatcher wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.clock import SYSTEM, Clock
from common.dispatch.dispatched import Dispatched
from common.dispatch.errors import NotStarted
from common.dispatch.executors import Executor, StartRefused
from common.dispatch.governor import FREE, Governor
from common.dispatch.mending import Mending
from common.dispatch.starting import Starting
from common.dispatch.sweep import Sweep, Swept
from common.dispatch.taking import Taking
from common.dispatch.waiting import looks
from common.dispatch.wakeups import Wakeups
from common.dispatch.waking import Waking
from common.errors import RunjobsError, Unavailable
from common.runs import Batch, Batches, Execution, Queues, Run, Runs, State
from common.runs.ledger import MOST_TASKS
from common.runs.places import CANCELLING, LOOK

if TYPE_CHECKING:
    from common.blobs import Blobs

__all__ = ["Dispatcher"]

_AGAIN = 10.0
"""Seconds until what was refused is tried again, where nobody says otherwise."""


class Dispatcher:
    """Starts executions by an executor for the runs of a ledger."""

    def __init__(  # noqa: PLR0913 - the parts that make one up
        self,
        runs: Runs,
        executor: Executor,
        *,
        governor: Governor = FREE,
        wakeups: Wakeups | None = None,
        queues: Queues | None = None,
        is_remote: bool = False,
        most_tasks: int = MOST_TASKS,
        blobs: Callable[[], Blobs] | None = None,
        missed: Callable[[], object] = lambda: None,
        clock: Clock = SYSTEM,
    ) -> None:
        """Without `wakeups` nobody is told when to look again: whoever waits does, or a sweep.

        Where it `is_remote`, wake-ups reach a dispatcher elsewhere, and that is who starts what is
        submitted here. `missed` makes runs for what schedules have missed.
        """
        self.runs = runs
        self.executor = executor
        self._clock = clock
        self.wakeups = wakeups
        self._waking = Waking(wakeups)
        self._is_remote = is_remote and wakeups is not None
        self._taking = Taking(
            runs,
            queues or Queues(runs.documents),
            capacity=executor.capacity,
            most=most_tasks,
            before=self._watch,
            clock=clock,
        )
        self.queues, self.line = self._taking.queues, self._taking.line
        self.batches = Batches(runs)
        self._starting = Starting(runs, executor, governor)
        self._mending = Mending(runs, executor)
        self._sweep = Sweep(
            runs, executor, self._starting, self.dispatch, blobs=blobs, missed=missed
        )

    def submit(self, run: Run) -> Run:
        """Accept a run and, if it is due, look at its queue.

        Once this returns the run is in the ledger and is not lost, whatever happens next. Raises
        NotStarted where it is, and the start itself failed.
        """
        accepted = self.runs.submit(run)
        try:
            self.look(accepted)
        except RunjobsError as error:
            raise NotStarted(accepted, error) from error
        with suppress(Unavailable):  # it is accepted, and its id is worth more than how it stands
            return self.runs.get(accepted.id)
        return accepted

    def submit_batch(self, batch: Batch, runs: Sequence[Run]) -> list[Run]:
        """Accept a batch and, if it is due, look at its queue.

        Raises NotStarted where all are in the ledger, and the start itself failed.
        """
        self.batches.begin(batch)
        accepted = [run for part in self.runs.submit_many(runs) for run in part]
        self.batches.seal(batch.id)
        try:
            waiting = next((run for run in accepted if run.state is State.PENDING), accepted[0])
            self.look(waiting)
        except RunjobsError as error:
            raise NotStarted(accepted[0], error, batch=batch.id) from error
        return accepted

    def look(self, run: Run) -> None:
        """Start a pending run if it is its turn, or have somebody look when it is due.

        Raises what kept its execution from being started.
        """
        if run.state is not State.PENDING:
            return
        if self._is_remote or run.due > self.runs.documents.now():
            self.look_at(run.queue, run.due)
            return
        refused = self.dispatch(run.queue).refused
        if run.id in refused:
            raise refused[run.id]

    def look_at(self, queue: str | None, at: datetime | None = None) -> None:
        """Start what is due in a queue, or have it looked at then; without a queue, sweep then."""
        now = self.runs.documents.now()
        if queue is None:
            self._waking.sweep(at or now)
        elif self._is_remote or (at is not None and at > now):
            self._waking.look(queue, at or now)
        else:
            self.dispatch(queue)

    def dispatch(self, queue: str) -> Dispatched:
        """Start executions for the runs of a queue that go next, as many as may.

        Raises Unavailable where the store is away.
        """
        self.line.ripen(queue, self.runs.documents.now())
        done = Dispatched()
        more = True
        while more and not done.refused:
            taken = self._taking.take(queue)
            more, done.wait = taken.more, taken.wait
            for execution in taken.executions:
                self._start(execution, done)
        self._remember(queue, done)
        return done

    def answer(self, queue: str) -> Dispatched:
        """Do what a wake-up asks: look at the queue, and have the next wake-up come for it.

        One that is set far ahead comes early, and finds nothing due.
        """
        done = self.dispatch(queue)
        if (later := self.line.soonest(queue)) is not None:
            self._waking.look(queue, later.due)
        return done

    def advance(self, run: Run) -> Run:
        """Do what is next for a run: start it, or take it from a task that is known to be gone."""
        if run.state is State.PENDING:
            if run.due > self.runs.documents.now():
                return run
            self.look(run)
        elif self._mending.mend(run) is None:
            return run
        return self.runs.get(run.id)

    def abandon(self, run: Run) -> None:
        """End the execution that a run, as it was while starting, was reserved for."""
        self._mending.abandon(run)

    def insist_later(self) -> None:
        """Have a sweep see whether what was asked to stop has done so."""
        at = self.runs.documents.now() + CANCELLING
        self._waking.sweep(at)

    def sweep(self) -> Swept:
        """Find whatever was left undone, do it, and have the next sweep come when it is needed."""
        swept = self._sweep.run()
        if swept.next is not None:
            self._waking.sweep(swept.next)
        return swept

    def wait(
        self, id: str, *, on_trouble: Callable[[RunjobsError], None] | None = None
    ) -> Iterator[Run]:
        """See a run through to its end, yielding it each time it has been looked at.

        What may pass, such as a refusal for now or a store that is away, is tried again ever later,
        and told to `on_trouble`. While one waits one sweeps, too: whatever keeps the run's turn
        from coming, such as a task that was killed, is seen to.
        """
        return looks(self, id, on_trouble, self._clock)

    def pause(self) -> None:
        """Leave the store alone for a moment before it is looked at again."""
        self._clock.sleep(self.runs.documents.read_interval)

    def _start(self, execution: Execution, done: Dispatched) -> None:
        if (enough := _enough(done)) is not None:
            self.runs.release(execution)
            done.refused |= dict.fromkeys(execution.runs, enough)
            return
        try:
            self._starting.start(execution)
        except RunjobsError as error:
            done.refused |= dict.fromkeys(execution.runs, error)
            done.wait = max(done.wait or 0.0, getattr(error, "after", None) or _AGAIN)
        else:
            done.started += execution.runs

    def _remember(self, queue: str, done: Dispatched) -> None:
        """Have somebody look again when more may start."""
        if done.wait is not None:
            at = self.runs.documents.now() + timedelta(seconds=done.wait)
            self._waking.look(queue, at)

    def _watch(self) -> None:
        """Have a sweep look after what is about to be started, should nobody live to do so."""
        self._waking.sweep(self.runs.documents.now() + LOOK)


def _enough(done: Dispatched) -> StartRefused | None:
    """What the platform has said if it was asked too often: then it is not asked again at once."""
    refusals = (error for error in done.refused.values() if isinstance(error, StartRefused))
    return next((error for error in refusals if error.throttled), None)
