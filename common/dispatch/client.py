"""runjobs for Python programs: submit, wait, look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.dispatch.dispatcher import Dispatcher
from common.dispatch.executors import Executor, open_executor
from common.runs import Priority, Run
from common.runtime.discover import find_job
from common.runtime.params import validate
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
        return Dispatcher(self.runs, self.executor)

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

        Raises InvalidInput, before anything is written, for an unknown job or wrong params.
        """
        found = find_job(job) if isinstance(job, str) else job
        values = params if isinstance(params, Mapping) else (params and params.model_dump())
        model = validate(found.params, values or {}, job=found.name)
        run = new_run(
            found,
            model,
            now=self.documents.now(),
            due=due,
            tenant=tenant,
            priority=priority,
            key=key,
        )
        return self.dispatcher.submit(run)

    def wait(self, id: str) -> Run:
        """See a run through to its end, and return how it ended."""
        *_, last = self.dispatcher.wait(id)
        return last
