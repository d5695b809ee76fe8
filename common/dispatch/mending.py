"""Taking runs from tasks that are gone, once that is known.

Whatever a dead task or dispatcher has left is found by the deadlines in the ledger; the platform is
asked what became of the execution, to say why, and to know sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from common.dispatch.executors import Counts, Executor, NoSuchExecution
from common.errors import RunjobsError
from common.runs import Execution, Run, Runs, State, transitions
from common.runs.places import CANCELLING

__all__ = ["Mending"]

_GONE = {
    (State.STARTING, True): "No task came for it in time.",
    (State.STARTING, False): "Its task ended without claiming it.",
    (State.RUNNING, True): "Its heartbeat stopped: the process was killed, or cut off.",
    (State.RUNNING, False): "Its task ended without finishing it.",
}
"""By a run's state, and by whether its time is up."""
_DELETED = Counts(tasks=0, ended=True, detail="The execution was deleted.")


class Mending:
    """What can be done for runs that are starting or running."""

    def __init__(self, runs: Runs, executor: Executor, *, once: bool = False) -> None:
        """With `once` the platform is asked once about each execution, however many runs it has."""
        self._runs, self._executor = runs, executor
        self._counts: Callable[[str, str, State], Counts] = self._describe
        self._execution: Callable[[str], Execution | None] = runs.execution
        if once:
            self._counts, self._execution = cache(self._describe), cache(runs.execution)

    def mend(self, run: Run, *, ask: bool = False) -> Run | None:
        """Take the run from a task that is known to be gone; None where none is.

        The platform is asked where the run's time is up, where asking costs nothing, or where it is
        told to `ask`.
        """
        now = self._runs.documents.now()
        reason = self._reason(run, now, ask=ask)
        if reason is None:
            return None
        take_back = self._runs.unclaimed if run.state is State.STARTING else self._runs.rescue
        return take_back(run, reason)

    def insist(self, run: Run) -> None:
        """End the execution of a run that was cancelled and goes on, if it has no other task."""
        asked = run.cancel_requested
        if run.state is not State.RUNNING or asked is None:
            return
        if self._runs.documents.now() >= asked + CANCELLING:
            self._end(run.attempts[-1].worker.execution)

    def abandon(self, run: Run) -> None:
        """End the execution that a run, as it was while starting, was reserved for.

        One that was started for others too goes on: its task finds this run cancelled.
        """
        self._end(run.execution)

    def _end(self, id: str | None) -> None:
        execution = self._runs.execution(id) if id else None
        if execution and execution.name and len(execution.runs) == 1:
            self._executor.cancel(execution.job, execution.name)

    def _reason(self, run: Run, now: datetime, *, ask: bool) -> str | None:
        """Why no task will finish the run any more, if that is known."""
        if run.state is State.STARTING:
            late = run.start_by is None or run.start_by <= now
        elif run.state is State.RUNNING:
            late = transitions.is_lost(run, now=now)
        else:
            return None
        ended = self._ended(run) if late or ask or self._executor.watchable else None
        if late or ended is not None:
            return f"{_GONE[run.state, late]} {ended or ''}".rstrip()
        return None

    def _ended(self, run: Run) -> str | None:
        """Why the run's task has ended, or None while it may be alive."""
        try:
            name, task = self._place(run)
            counts = self._counts(run.job, name, run.state) if name else None
        except RunjobsError:  # no answer is none; the deadlines hold without it
            return None
        over = counts is not None and (counts.ended or task in counts.over)
        return counts.detail if counts and over else None

    def _describe(self, job: str, name: str, state: State) -> Counts:
        try:
            return self._executor.describe(job, name)
        except NoSuchExecution:
            if state is State.STARTING:
                return _DELETED
            raise  # it may be a process that no executor knows, at work in the foreground

    def _place(self, run: Run) -> tuple[str | None, int]:
        """The name of the execution, and the task in it, that the run is in."""
        if run.state is State.RUNNING:
            worker = run.attempts[-1].worker
            return worker.name, worker.task
        execution = self._execution(run.execution or "")
        return (execution.name if execution else None), run.task
