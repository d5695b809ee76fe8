"""Starting executions that are reserved, and finding out about those whose start was not answered.

jobs.run has no request id, so it is never repeated by itself: an execution whose start was not
answered is looked for by our id, which its containers carry in their environment. One that is not
there is given up; should it come after all, its tasks find nothing reserved for them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from common.dispatch.executors import Executor, Launch, StartRefused
from common.dispatch.governor import Governor
from common.errors import RunjobsError, Unavailable
from common.runs import Execution, Runs
from common.runs.places import LOOK
from common.runtime.discover import find_job

__all__ = ["Starting"]

_PROMPT = LOOK - timedelta(seconds=35)
"""A start's call, and the wait for its turn, take less than those seconds."""
_LASTING = 30.0
"""Seconds until a start is tried again whose cause has to be mended first."""


class Starting:
    """Starts executions by an executor."""

    def __init__(
        self,
        runs: Runs,
        executor: Executor,
        governor: Governor,
        *,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._runs, self._executor, self._governor = runs, executor, governor
        self._rng = rng

    def start(self, execution: Execution) -> None:
        """Start it. Raises StartRefused, or what else kept it from being started, with its runs
        pending again."""
        try:
            self._check_time(execution)
            with self._governor.start():
                name = self._executor.start(_launch(execution))
        except Unavailable:
            return  # perhaps it was started: it is looked for a little later
        except RunjobsError as error:
            with suppress(RunjobsError):  # then they are given back when it is looked for
                self._runs.release(execution, wait=self._wait(error))
            raise
        with suppress(RunjobsError):  # then it is found later
            self._runs.started(execution, name)

    def find_out(self, execution: Execution) -> str | None:
        """Look for an execution whose start was not answered; returns its name, or gives it up."""
        name = self._executor.find(execution.job, execution.id, since=execution.reserved)
        if name is None:
            self._runs.release(execution)
        else:
            self._runs.started(execution, name)
        return name

    def _check_time(self, execution: Execution) -> None:
        """Where others were started first it may be too late: before this call's answer came, a
        sweep would look for the execution, find none, and give its runs to another."""
        if self._runs.documents.now() > execution.reserved + _PROMPT:
            raise StartRefused("The starts before it took too long.", retryable=True, after=0.1)

    def _wait(self, error: RunjobsError) -> timedelta:
        """A refusal for now costs no run its place; one that lasts must not keep others waiting."""
        if isinstance(error, StartRefused) and error.retryable:
            return timedelta()
        return timedelta(seconds=_LASTING * (1 + 0.2 * self._rng()))


def _launch(execution: Execution) -> Launch:
    job = find_job(execution.job)
    return Launch(
        job=execution.job,
        execution=execution.id,
        tasks=len(execution.runs),
        runs=execution.runs,
        timeout=job.timeout + job.drain,
    )
