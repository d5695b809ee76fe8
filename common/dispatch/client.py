"""runjobs for Python programs: submit, wait, look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.dispatch.dispatcher import Dispatcher
from common.dispatch.executors import Executor, open_executor
from common.dispatch.opening import open_dispatcher
from common.errors import RunjobsError
from common.runs import Priority, Run, State, Then
from common.runtime.discover import find_job
from common.runtime.submission import continuation, model_of, new_run
from common.runtime.together import new_batch
from common.services import Services
from common.settings import Settings

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["Client"]

Params = Mapping[str, Any] | None


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
        return open_dispatcher(self, self.executor)

    def look_at(self, queue: str | None, at: datetime | None = None) -> None:
        """Start what is due in a queue, or have it looked at then; without a queue, sweep then."""
        self.dispatcher.look_at(queue, at)

    def submit(  # noqa: PLR0913 - all that can be asked of a run
        self,
        job: str | Job,
        params: Params | BaseModel = None,
        *,
        due: datetime | None = None,
        tenant: str = "",
        priority: Priority = Priority.NORMAL,
        key: str | None = None,
        then: Then | None = None,
    ) -> Run:
        """Accept a run and, if it is due, start an execution for it; see `Dispatcher.submit`.

        `then`, made by `Client.then`, is submitted when it has succeeded. Raises InvalidInput,
        before anything is written, for an unknown job or wrong params, and Misconfigured where the
        job could not run.
        """
        found = self._job(job)
        model, dispatcher = model_of(found, params), self.dispatcher
        self._check(found)
        run = new_run(
            found,
            model,
            now=self.documents.now(),
            due=due,
            tenant=tenant,
            priority=priority,
            key=key,
            then=then,
        )
        self._declare(found)
        return dispatcher.submit(run)

    def submit_many(  # noqa: PLR0913 - all that can be asked of a batch
        self,
        job: str | Job,
        params: Sequence[Params | BaseModel],
        *,
        due: datetime | None = None,
        tenant: str = "",
        priority: Priority = Priority.NORMAL,
        key: str | None = None,
        then: Then | None = None,
    ) -> list[Run]:
        """Accept a batch of runs of one job, and start executions for them.

        All params are checked before anything is written: InvalidInput names each that is wrong by
        its number, from 1. The same key gives the same batch: what of it was submitted before an
        interruption is not submitted twice. `then` is submitted when all have ended, however they
        did. Raises NotStarted like `submit`.
        """
        found, dispatcher = self._job(job), self.dispatcher
        self._check(found)
        batch, runs = new_batch(
            found,
            params,
            now=self.documents.now(),
            due=due,
            tenant=tenant,
            priority=priority,
            key=key,
            then=then,
        )
        self._declare(found)
        return dispatcher.submit_batch(batch, runs)

    def then(self, job: str | Job, params: Params = None, *, then: Then | None = None) -> Then:
        """What to submit when something else has ended; see `submit` and `submit_many`.

        In params a string that is just "{run}", "{batch}", "{result}" or "{result.a.b}" stands for
        the id of what went before, or for its result or a part of it.
        """
        found = self._job(job)
        self._check(found)
        return continuation(found, params or {}, then=then)

    def cancel(self, id: str) -> Run:
        """Cancel a run that has not begun, and end what was started for it alone; ask one that is
        running to stop."""
        seen = self.runs.get(id)
        run = self.runs.cancel(id)
        with suppress(RunjobsError):  # a task that comes after all finds it cancelled
            if seen.state is State.STARTING and run.state is State.CANCELLED:
                self.dispatcher.abandon(seen)
            if run.state is State.RUNNING:
                self.dispatcher.insist_later()
            if run.awaited and run.batch and run.state.ended:
                self._continue(run.batch)
        return run

    def cancel_batch(self, id: str) -> int:
        """Cancel all runs of a batch that have not ended; returns how many were asked."""
        asked = self.dispatcher.batches.cancel(id)
        with suppress(RunjobsError):  # then a sweep does
            self.dispatcher.insist_later()
            self._continue(id)
        return asked

    def _continue(self, batch: str) -> None:
        """Start what follows a batch, if its last run has just ended here."""
        if (run := self.dispatcher.batches.continue_one(batch)) is not None:
            self.look_at(run.queue)

    def wait(self, id: str) -> Run:
        """See a run through to its end, and return how it ended."""
        for run in self.dispatcher.wait(id):
            last = run
        return last

    def _job(self, job: str | Job) -> Job:
        return find_job(job) if isinstance(job, str) else job

    def _check(self, job: Job) -> None:
        if self.settings.executor == "local":
            job.check()  # its tasks have the packages that are here

    def _declare(self, job: Job) -> None:
        if job.limits is not None:
            self.dispatcher.queues.declare(job.queue, job.limits)
