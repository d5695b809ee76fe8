"""runjobs for Python programs: submit, wait, look."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.dispatch.dispatcher import Dispatcher
from common.dispatch.executors import Executor, open_executor
from common.errors import InvalidInput, RunjobsError
from common.runs import Priority, Run, State
from common.runtime.discover import find_job
from common.runtime.submission import new_run
from common.services import Services
from common.settings import Settings

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["Client"]


class Client(Services):
    """The stores and the executor that the settings name, opened when first used.

    Use it in a `with`, or close it.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings or Settings.load())

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def executor(self) -> Executor:
        """What runs containers."""
        return open_executor(self.settings)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """The dispatcher of this process."""
        executor = self.executor  # first: where it cannot be had, nothing shall be made
        return Dispatcher(self.runs, executor)

    def submit(  # noqa: PLR0913 - all that can be asked of a run
        self,
        job: str | Job,
        params: Mapping[str, Any] | BaseModel | None = None,
        *,
        due: datetime | None = None,
        tenant: str = "",
        priority: Priority = Priority.NORMAL,
        key: str | None = None,
    ) -> Run:
        """Accept a run and, if it is due, start an execution for it; see `Dispatcher.submit`.

        Raises InvalidInput, before anything is written, for an unknown job or wrong params, and
        Misconfigured where the job could not run.
        """
        found = find_job(job) if isinstance(job, str) else job
        model, dispatcher = _model(found, params), self.dispatcher
        if self.settings.executor == "local":
            found.check()  # its tasks have the packages that are here
        run = new_run(
            found,
            model,
            now=self.documents.now(),
            due=due,
            tenant=tenant,
            priority=priority,
            key=key,
        )
        return dispatcher.submit(run)

    def cancel(self, id: str) -> Run:
        """Cancel a run that has not begun, and end what was started for it alone; ask one that is
        running to stop."""
        seen = self.runs.get(id)
        run = self.runs.cancel(id)
        if seen.state is State.STARTING and run.state is State.CANCELLED:
            with suppress(RunjobsError):  # a task that comes after all finds it cancelled
                self.dispatcher.abandon(seen)
        return run

    def wait(self, id: str) -> Run:
        """See a run through to its end, and return how it ended."""
        for run in self.dispatcher.wait(id):
            last = run
        return last


def _model(job: Job, params: Mapping[str, Any] | BaseModel | None) -> BaseModel | None:
    if params is None or isinstance(params, Mapping):
        return job.validate(params or {})
    if job.params is None or not isinstance(params, job.params):
        raise InvalidInput(f"{job.name} does not take a {type(params).__name__} for its params.")
    return params
