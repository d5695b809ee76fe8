"""An executor without processes: what was started is written down, and tasks are the test's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NoReturn

from common.dispatch.executors import Counts, Executor, Launch, NoSuchExecution
from common.errors import Unavailable
from common.runs import Run, Worker

START = timedelta(minutes=5)
"""How long a start may take until its runs are taken back."""
LOST = Unavailable("The start was applied, and its answer lost.")


class Killed(BaseException):
    """Stands for the end of the process: nothing handles it."""


class Stub(Executor):
    """The next starts end as `outcomes` says: an exception is raised, None is a success.

    After LOST, which is raised too, the execution is there, and is found.
    """

    def __init__(
        self,
        *outcomes: BaseException | None,
        watchable: bool = False,
        capacity: int | None = None,
    ) -> None:
        self.watchable = watchable
        self.capacity = capacity
        self.outcomes = deque(outcomes)
        self.launches: list[Launch] = []
        """All starts that were asked for, also those that failed."""
        self.names: dict[str, str] = {}
        """Of those that were applied, by our id."""
        self.tidied: list[datetime] = []
        self.counts: dict[str, Counts | BaseException] = {}
        self.asked: list[str] = []
        self.cancelled: list[str] = []

    def start(self, launch: Launch) -> str:
        self.launches.append(launch)
        outcome = self.outcomes.popleft() if self.outcomes else None
        name = f"{launch.job}-{len(self.launches)}"
        if outcome is None or outcome is LOST:
            self.names[launch.execution] = name
        if outcome is not None:
            raise outcome
        return name

    def find(self, job: str, execution: str, *, since: datetime) -> str | None:  # noqa: ARG002
        return self.names.get(execution)

    def describe(self, job: str, name: str) -> Counts:
        self.asked.append(name)
        found = self.counts.get(name, NoSuchExecution(f"There is no {job} {name}."))
        if isinstance(found, BaseException):
            raise found
        return found

    def cancel(self, job: str, name: str) -> None:  # noqa: ARG002
        self.cancelled.append(name)

    def logs(self, run: Run) -> Iterator[str]:
        raise AssertionError(f"Nobody reads {run.id}.")

    def tidy(self, before: datetime) -> int:
        self.tidied.append(before)
        return 0

    def check(self) -> None: ...

    def worker(self, number: int = 1) -> Worker:
        """Task 0 of the start with that number."""
        launch = self.launches[number - 1]
        return Worker(execution=launch.execution, name=f"{launch.job}-{number}")


def ended(detail: str = "", *, succeeded: int = 0) -> Counts:
    return Counts(tasks=1, succeeded=succeeded, failed=1 - succeeded, ended=True, detail=detail)


def raising(error: BaseException) -> Callable[..., NoReturn]:
    """What something broken does when it is called."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail
