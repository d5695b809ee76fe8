"""The seam to whatever runs containers.

execution  one start of a job with a number of tasks; the platform gives it a name
task       one process of it, with an index, told who it is by the CLOUD_RUN_… variables
start      ask for an execution; refused means surely not started, unavailable means perhaps
counts     how many tasks have ended how, which alone is believed: an operation may say "done, no
           error" of an execution that was cancelled
find       look for an execution by our own id, where the answer to its start was lost
output     what a task prints; of several runs, if it works on one after the other
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.errors import RunjobsError
from common.runs import Run

__all__ = ["Counts", "Executor", "Launch", "NoSuchExecution", "StartRefused"]


class StartRefused(RunjobsError):
    """Raised when an execution was surely not started."""

    def __init__(
        self,
        message: str,
        *,
        retryable: bool,
        after: float | None = None,
        throttled: bool = False,
    ) -> None:
        super().__init__(message)
        self.throttled = throttled
        """Whether the platform has been asked too often."""
        self.retryable = retryable
        """Whether asking again later may help."""
        self.after = after
        """Seconds to wait at least, where the platform said so."""


class NoSuchExecution(RunjobsError):
    """Raised when the platform does not know an execution (any more)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Launch:
    """What to start."""

    job: str
    execution: str
    """Our id, which each task finds in RUNJOBS_EXECUTION."""
    tasks: int
    timeout: timedelta
    """Of each task."""
    runs: tuple[str, ...] = ()
    """Run ids by task index: whose output it is that a task prints."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How an execution's tasks stand."""

    tasks: int
    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    over: frozenset[int] = frozenset()
    """Tasks that are known to have ended, where the platform tells of each."""
    ended: bool
    """Whether no task is left that could still do something. Counts alone may be complete a moment
    before that, or never be."""
    detail: str = ""
    """Why tasks failed, as far as the platform tells."""


class Executor(ABC):
    """Starts executions and tells how they stand.

    Every method raises Unavailable when the platform did not answer, and Misconfigured when it
    never will.
    """

    watchable = False
    """Whether describe costs nothing and is true at once, so that one may ask often."""
    capacity: int | None = None
    """How many tasks can run at once where they are run; None where nobody need count."""

    @abstractmethod
    def start(self, launch: Launch) -> str:
        """Start an execution; returns the platform's name for it.

        Raises StartRefused if it was surely not started. After Unavailable it may have been.
        """

    @abstractmethod
    def find(self, job: str, execution: str, *, since: datetime) -> str | None:
        """The name of the execution that carries our id, if there is one.

        `since` is when it was reserved: it was not started before that. One that was started a
        moment ago may not be seen yet.
        """

    @abstractmethod
    def describe(self, job: str, name: str) -> Counts:
        """How the execution's tasks stand. Raises NoSuchExecution."""

    @abstractmethod
    def cancel(self, job: str, name: str) -> None:
        """End all tasks: SIGTERM, and SIGKILL ten seconds later; those that wait never begin.

        Changes nothing where the execution has ended. Raises NoSuchExecution.
        """

    @abstractmethod
    def logs(self, run: Run) -> Iterator[str]:
        """What was printed for the run: by the tasks while they worked on it, and by those that
        were started for it before they worked on anything. A line each, oldest first."""

    def tidy(self, before: datetime) -> int:  # noqa: ARG002 - the platform does it by itself
        """Remove what is kept here of executions that ended before that; returns of how many."""
        return 0

    @abstractmethod
    def check(self) -> None:
        """Raise Misconfigured if executions could not be started; start none."""
