"""The dispatcher: reserves due runs, starts an execution for them, and mends what went wrong.

Whatever it leaves undone when it dies is done by the next one that looks: all it knows is in the
ledger, and each step is a commit that at most one dispatcher wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from common.clock import SYSTEM, Clock
from common.dispatch.executors import Executor, Launch, NoSuchExecution, StartRefused
from common.documents import Conflict
from common.errors import RunjobsError, Unavailable
from common.runs import Execution, Refused, Run, Runs, State, transitions
from common.runtime.discover import find_job

__all__ = ["Dispatcher"]

_REFUSED = 5.0
"""Seconds to wait when the platform says that it has had too many starts."""


class Dispatcher:
    """Starts executions by an executor for the runs of a ledger."""

    def __init__(self, runs: Runs, executor: Executor, *, clock: Clock = SYSTEM) -> None:
        self.runs = runs
        self.executor = executor
        self._clock = clock

    def submit(self, run: Run) -> Run:
        """Accept a run and, if it is due, start an execution for it.

        Once this returns the run is in the ledger and is not lost, whatever happens next; where
        the start itself failed it is pending, and StartRefused or Misconfigured says why.
        """
        accepted = self.runs.submit(run)
        if accepted.state is State.PENDING and accepted.due <= self.runs.documents.now():
            self.dispatch([accepted])
        return self.runs.get(accepted.id)

    def dispatch(self, runs: Sequence[Run]) -> None:
        """Start one execution for these due runs of one job, unless another dispatcher was first.

        Raises StartRefused, with the runs pending again.
        """
        try:
            execution = self.runs.reserve(runs)
        except (Conflict, Refused):
            return
        try:
            self._start(execution)
        except Unavailable:
            # It may have been started. If so its tasks claim their runs; if not, their time to do
            # so runs out. To start it again could start it twice.
            return
        except RunjobsError:
            self.runs.release(execution)
            raise

    def advance(self, run: Run) -> Run:
        """Do what is next for a run: start it, or take it from a task that is known to be gone."""
        now = self.runs.documents.now()
        if run.state is State.PENDING and run.due <= now:
            self.dispatch([run])
        elif run.state is State.STARTING and (run.start_by or now) <= now:
            self.runs.unclaimed(run, "No task came for it in time.")
        elif transitions.is_lost(run, now=now):
            self.runs.rescue(run, "Its heartbeat stopped: the process was killed, or cut off.")
        elif run.state in {State.STARTING, State.RUNNING} and self.executor.watchable:
            self._look(run)
        else:
            return run
        return self.runs.get(run.id)

    def wait(self, id: str) -> Iterator[Run]:
        """See a run through to its end, yielding it each time it has been looked at."""
        while True:
            try:
                run = self.advance(self.runs.get(id))
            except StartRefused as error:
                if not error.retryable:
                    raise
                self._clock.sleep(_REFUSED)
                continue
            yield run
            if run.state.ended:
                return
            self.pause()

    def pause(self) -> None:
        """Leave the store alone for a moment before it is looked at again."""
        self._clock.sleep(self.runs.documents.read_interval)

    def _start(self, execution: Execution) -> None:
        name = self.executor.start(
            Launch(
                job=execution.job,
                execution=execution.id,
                tasks=len(execution.runs),
                timeout=find_job(execution.job).timeout,
            )
        )
        self.runs.started(execution, name)

    def _look(self, run: Run) -> None:
        """If the run's execution has ended without finishing it, take it back."""
        ended = self._ended(run)
        if ended is None:
            return
        if run.state is State.STARTING:
            self.runs.unclaimed(run, f"Its task ended without claiming it. {ended}")
        else:
            self.runs.rescue(run, f"Its task ended without finishing it. {ended}")

    def _ended(self, run: Run) -> str | None:
        """Why the run's execution has ended, or None while it may be alive."""
        name = self._name(run)
        if name is None:
            return None
        try:
            counts = self.executor.describe(run.job, name)
        except NoSuchExecution:
            return None
        return counts.detail if counts.ended else None

    def _name(self, run: Run) -> str | None:
        if run.state is State.RUNNING:
            return run.attempts[-1].worker.name
        execution = self.runs.execution(run.execution or "")
        return execution.name if execution else None
