"""The dispatcher: reserves due runs, starts an execution for them, and mends what went wrong.

Whatever it leaves undone when it dies is done by the next one that looks: all it knows is in the
ledger, and each step is a commit that at most one dispatcher wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from common.backoff import backoff
from common.clock import SYSTEM, Clock
from common.dispatch.errors import NotStarted, is_for_now
from common.dispatch.executors import Executor, Launch
from common.documents import Conflict
from common.errors import RunjobsError, Unavailable
from common.runs import Execution, Refused, Run, Runs, State, transitions
from common.runtime.discover import find_job

__all__ = ["Dispatcher"]

_GONE = {
    (State.STARTING, True): "No task came for it in time.",
    (State.STARTING, False): "Its task ended without claiming it.",
    (State.RUNNING, True): "Its heartbeat stopped: the process was killed, or cut off.",
    (State.RUNNING, False): "Its task ended without finishing it.",
}
"""By a run's state, and by whether its time is up."""


class Dispatcher:
    """Starts executions by an executor for the runs of a ledger."""

    def __init__(self, runs: Runs, executor: Executor, *, clock: Clock = SYSTEM) -> None:
        self.runs = runs
        self.executor = executor
        self._clock = clock

    def submit(self, run: Run) -> Run:
        """Accept a run and, if it is due, start an execution for it.

        Once this returns the run is in the ledger and is not lost, whatever happens next. Raises
        NotStarted where it is, and the start itself failed.
        """
        accepted = self.runs.submit(run)
        try:
            if accepted.state is State.PENDING and accepted.due <= self.runs.documents.now():
                self.dispatch([accepted])
        except RunjobsError as error:
            raise NotStarted(accepted, error) from error
        with suppress(Unavailable):  # it is accepted, and its id is worth more than how it stands
            return self.runs.get(accepted.id)
        return accepted

    def dispatch(self, runs: Sequence[Run]) -> None:
        """Start one execution for these due runs of one job, unless another dispatcher was first.

        Raises StartRefused, or what else kept it from being started, with the runs pending again.
        """
        try:
            execution = self.runs.reserve(runs)
        except (Conflict, Refused):
            return
        try:
            name = self._start(execution)
        except Unavailable:
            # It may have been started. If so its tasks claim their runs; if not, their time to do
            # so runs out. To start it again could start it twice.
            return
        except RunjobsError:
            with suppress(RunjobsError):  # they are then given back when their time runs out
                self.runs.release(execution)
            raise
        with suppress(RunjobsError):  # the name only helps to look sooner
            self.runs.started(execution, name)

    def advance(self, run: Run) -> Run:
        """Do what is next for a run: start it, or take it from a task that is known to be gone."""
        now = self.runs.documents.now()
        if run.state is State.PENDING and run.due <= now:
            self.dispatch([run])
        elif reason := self._gone(run, now):
            take_back = self.runs.unclaimed if run.state is State.STARTING else self.runs.rescue
            take_back(run, reason)
        else:
            return run
        return self.runs.get(run.id)

    def abandon(self, run: Run) -> None:
        """End the execution that a run, as it was while starting, was reserved for.

        One that was started for others too goes on: its task finds this run cancelled.
        """
        execution = self.runs.execution(run.execution or "")
        if execution and execution.name and execution.runs == (run.id,):
            self.executor.cancel(execution.job, execution.name)

    def wait(
        self, id: str, *, on_trouble: Callable[[RunjobsError], None] | None = None
    ) -> Iterator[Run]:
        """See a run through to its end, yielding it each time it has been looked at.

        What may pass, such as a refusal for now or a store that is away, is tried again ever later,
        and told to `on_trouble`.
        """
        run, failures = None, 0
        while True:
            try:
                run = self.runs.get(id)
                run, failures = self.advance(run), 0
            except RunjobsError as error:
                if not is_for_now(error):
                    raise
                failures += 1
                if on_trouble is not None:
                    on_trouble(error)
            if run is not None:
                yield run
                if run.state.ended:
                    return
            self._rest(failures)

    def pause(self) -> None:
        """Leave the store alone for a moment before it is looked at again."""
        self._clock.sleep(self.runs.documents.read_interval)

    def _rest(self, failures: int) -> None:
        if failures:
            self._clock.sleep(backoff(failures, base=5.0, cap=60.0))
        else:
            self.pause()

    def _start(self, execution: Execution) -> str:
        return self.executor.start(
            Launch(
                job=execution.job,
                execution=execution.id,
                tasks=len(execution.runs),
                runs=execution.runs,
                timeout=find_job(execution.job).timeout,
            )
        )

    def _gone(self, run: Run, now: datetime) -> str | None:
        """Why no task will finish the run any more, if that is known.

        What the platform tells of its end is asked for when its time is up, to say why, and where
        asking costs nothing also before, to know sooner.
        """
        if run.state is State.STARTING:
            late = run.start_by is None or run.start_by <= now
        elif run.state is State.RUNNING:
            late = transitions.is_lost(run, now=now)
        else:
            return None
        ended = self._ended(run) if late or self.executor.watchable else None
        if late or ended is not None:
            return f"{_GONE[run.state, late]} {ended or ''}".rstrip()
        return None

    def _ended(self, run: Run) -> str | None:
        """Why the run's execution has ended, or None while it may be alive."""
        try:
            name = self._name(run)
            counts = self.executor.describe(run.job, name) if name else None
        except RunjobsError:  # no answer is none; the deadlines hold without it
            return None
        return counts.detail if counts and counts.ended else None

    def _name(self, run: Run) -> str | None:
        if run.state is State.RUNNING:
            return run.attempts[-1].worker.name
        execution = self.runs.execution(run.execution or "")
        return execution.name if execution else None
