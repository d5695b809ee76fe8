"""Wake-ups by Cloud Tasks, which calls the dispatcher over HTTP, and google-cloud-tasks.

Each is a task named for what it says and its moment. A name stays taken for up to a day after its
task is gone, so what has the name is looked at: only if it was not called yet will it come after
whoever asks.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.dispatch.executors.cloud_errors import asking
from common.dispatch.google import access, library, patiently
from common.dispatch.wakeups.base import Standing, Wakeup, Wakeups
from common.dispatch.wakeups.target import Target, task_id
from common.errors import Misconfigured
from common.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.tasks_v2 import CloudTasksClient

__all__ = ["CloudTasksWakeups"]

TIMEOUT = 30.0
"""Seconds for one call and its repetitions."""
_VARIANTS = 3
"""Moments that are tried, one after the other, while their names are taken by tasks gone by."""
_PAGE = 1000


class CloudTasksWakeups(Wakeups):
    """A queue of Cloud Tasks.

    With an endpoint (RUNJOBS_TASKS_ENDPOINT=http://HOST:PORT) it speaks to that address, without
    credentials: to an imitation of Cloud Tasks, that is. It speaks REST to either.
    """

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime],
        *,
        endpoint: str | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        if not settings.project:
            raise Misconfigured(
                "RUNJOBS_WAKEUPS=cloud-tasks needs a project: set GOOGLE_CLOUD_PROJECT."
            )
        super().__init__(now=now, grain=timedelta(seconds=1), slack=timedelta(seconds=0.25))
        self._settings = settings
        self._endpoint = endpoint
        self._timeout = timeout
        location = f"projects/{settings.project}/locations/{settings.tasks_location}"
        self._queue = f"{location}/queues/{settings.wakeup_queue}"
        self._target = Target(settings.dispatcher_url, settings.wakeup_account)
        self._library = library(
            "tasks_v2", package="google-cloud-tasks", what="RUNJOBS_WAKEUPS=cloud-tasks"
        )

    def pause(self) -> None:
        with self._asking():
            self._client.pause_queue(name=self._queue, **self._patiently)

    def resume(self) -> None:
        with self._asking():
            self._client.resume_queue(name=self._queue, **self._patiently)

    def describe(self) -> Standing:
        """Read all tasks, a thousand at a time: the API has no count."""
        with self._asking():
            queue = self._client.get_queue(name=self._queue, **self._patiently)
            request = self._library.ListTasksRequest(parent=self._queue, page_size=_PAGE)
            tasks = self._client.list_tasks(request, **self._patiently)
            times = [_plain(task.schedule_time) for task in tasks]
        return Standing(
            waiting=len(times),
            oldest=min(times, default=None),
            paused=queue.state == self._library.Queue.State.PAUSED,
        )

    def check(self) -> None:
        """Read the queue, which needs it to be there and a right to see it."""
        self._check_target()
        with self._asking():
            self._client.get_queue(name=self._queue, **self._patiently)

    def _set(self, wakeup: Wakeup) -> None:
        self._check_target()
        for variant in range(_VARIANTS):
            later = replace(wakeup, at=wakeup.at + variant * self.grain)
            if self._create(later, name=f"{self._queue}/tasks/{task_id(later)}"):
                return
        self._create(wakeup, name="")  # the platform then makes a name of its own

    def _drop(self) -> None:
        with self._asking():
            self._client.purge_queue(name=self._queue, **self._patiently)

    def _create(self, wakeup: Wakeup, *, name: str) -> bool:
        """Whether a task of the name now waits; asked again after a lost answer, it does."""
        from google.api_core.exceptions import Conflict

        task = self._target.task(wakeup, name)
        with self._asking():
            try:
                self._client.create_task(parent=self._queue, task=task, **self._patiently)
            except Conflict:
                return self._waits(name)
        return True

    def _waits(self, name: str) -> bool:
        """Whether a task is there that was not called yet.

        Who may create tasks may not always see them; the moment lies ahead, so it does most likely.
        """
        from google.api_core.exceptions import Forbidden, NotFound

        try:
            task = self._client.get_task(name=name, **self._patiently)
        except NotFound:
            return False
        except Forbidden:
            return True
        return task.dispatch_count == 0

    def _check_target(self) -> None:
        self._target.check(token=not self._endpoint)  # an imitation may do without

    @property
    def _patiently(self) -> dict[str, Any]:
        return patiently(self._timeout)

    def _asking(self) -> AbstractContextManager[None]:
        queue, location = self._settings.wakeup_queue, self._settings.tasks_location
        remedy = (
            f"Is the queue there (gcloud tasks queues create {queue} --location={location}), and "
            "may this account use it (roles/cloudtasks.enqueuer and roles/cloudtasks.viewer, and "
            "roles/iam.serviceAccountUser on RUNJOBS_WAKEUP_ACCOUNT)?"
        )
        return asking(f"Cloud Tasks ({self._queue})", remedy=remedy)

    @cached_property
    def _client(self) -> CloudTasksClient:
        client: CloudTasksClient = self._library.CloudTasksClient(
            transport="rest", **access(self._endpoint)
        )
        return client


def _plain(time: Any) -> datetime:
    """A time without the library's own type."""
    return datetime.combine(time.date(), time.time(), UTC)
