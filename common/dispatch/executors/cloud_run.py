"""Executions on Cloud Run, by the Admin API v2 and google-cloud-run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.dispatch.executors.base import Counts, Executor, Launch, NoSuchExecution
from common.dispatch.executors.cloud_errors import asking, starting
from common.dispatch.google import access, library, patiently
from common.errors import Misconfigured, Unavailable
from common.runs import Run
from common.settings import Settings

if TYPE_CHECKING:
    from google.cloud.run_v2 import Execution, ExecutionsClient, JobsClient, RunJobRequest

__all__ = ["CloudRunExecutor"]

TIMEOUT = 30.0
"""Seconds for one call; those that may be repeated are, within them."""
_ID = "RUNJOBS_EXECUTION"
_PAGE = 100
_APART = timedelta(minutes=5)
"""By so much an execution's time may lie before that of its reservation: they have two clocks, and
executions are not listed exactly in order."""


class CloudRunExecutor(Executor):
    """Cloud Run Jobs of one project and region.

    With an endpoint (RUNJOBS_RUN_ENDPOINT=http://HOST:PORT) it speaks to that address, without
    credentials: to an imitation of Cloud Run, that is. It speaks REST to either, so that what
    holds of the one holds of the other.
    """

    def __init__(
        self, settings: Settings, *, endpoint: str | None = None, timeout: float = TIMEOUT
    ) -> None:
        if not settings.project:
            raise Misconfigured(
                "RUNJOBS_EXECUTOR=cloud-run needs a project: set GOOGLE_CLOUD_PROJECT."
            )
        self._settings = settings
        self._endpoint = endpoint
        self._timeout = timeout
        self._location = f"projects/{settings.project}/locations/{settings.region}"
        self._service = f"Cloud Run ({self._location})"
        self._library = library(
            "run_v2", package="google-cloud-run", what="RUNJOBS_EXECUTOR=cloud-run"
        )

    def start(self, launch: Launch) -> str:
        """Call jobs.run once: it has no request id, so a retry could start a second execution."""
        with starting(launch.job, service=self._service):
            operation = self._jobs.run_job(self._request(launch), retry=None, timeout=self._timeout)
            if not operation.metadata or not operation.metadata.name:
                raise Unavailable(f"{self._service} started {launch.job} and did not say as what.")
            return str(operation.metadata.name).rpartition("/")[2]

    def find(self, job: str, execution: str, *, since: datetime) -> str | None:
        """Read the job's executions, the newest first, which is how they are listed, up to those
        that were there before: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs.executions/list
        """
        from google.api_core.exceptions import NotFound

        with self._asking():
            try:
                for found in self._listed(job):
                    if found.create_time and found.create_time < since - _APART:
                        break
                    if execution in _ids(found):
                        return str(found.name).rpartition("/")[2]
            except NotFound:  # nothing can have been started of a job that is not there
                return None
        return None

    def describe(self, job: str, name: str) -> Counts:
        """Read the counts: they alone tell of a cancelled execution."""
        with self._errors(job, name):
            found = self._executions.get_execution(name=self._path(job, name), **self._patiently)
        ended = found.completion_time is not None
        return Counts(
            tasks=found.task_count,
            succeeded=found.succeeded_count,
            failed=found.failed_count,
            cancelled=found.cancelled_count,
            over=frozenset(range(found.task_count) if ended else ()),
            ended=ended,
            detail=_detail(found.conditions) if ended else "",
        )

    def cancel(self, job: str, name: str) -> None:
        """Call executions.cancel, which is refused once it has ended: it may just have, also by
        the same call, if its answer was lost."""
        from google.api_core.exceptions import BadRequest

        if self.describe(job, name).ended:
            return
        with self._errors(job, name):
            try:
                self._executions.cancel_execution(name=self._path(job, name), **self._patiently)
            except BadRequest:
                if not self.describe(job, name).ended:
                    raise

    def logs(self, run: Run) -> Iterator[str]:
        """Read what Cloud Logging has kept of the run."""
        from common.dispatch.executors.cloud_logs import read_logs

        return read_logs(self._settings.project, run, endpoint=self._endpoint)

    def check(self) -> None:
        """List one job, which needs the API enabled and a right to use it."""
        with self._asking():
            next(iter(self._jobs.list_jobs(parent=self._location, **self._patiently)), None)

    def _request(self, launch: Launch) -> RunJobRequest:
        request = self._library.RunJobRequest
        override = request.Overrides.ContainerOverride(
            env=[self._library.EnvVar(name=_ID, value=launch.execution)]
        )
        return request(  # type: ignore[no-any-return]
            name=f"{self._location}/jobs/{launch.job}",
            overrides=request.Overrides(
                container_overrides=[override], task_count=launch.tasks, timeout=launch.timeout
            ),
        )

    def _listed(self, job: str) -> Iterator[Execution]:
        parent = f"{self._location}/jobs/{job}"
        request = self._library.ListExecutionsRequest(parent=parent, page_size=_PAGE)
        return iter(self._executions.list_executions(request, **self._patiently))

    def _path(self, job: str, name: str) -> str:
        return f"{self._location}/jobs/{job}/executions/{name}"

    @property
    def _patiently(self) -> dict[str, Any]:
        return patiently(self._timeout)

    @contextmanager
    def _errors(self, job: str, name: str) -> Iterator[None]:
        from google.api_core.exceptions import NotFound

        with self._asking():
            try:
                yield
            except NotFound as error:
                raise NoSuchExecution(f"{self._path(job, name)} is not there.") from error

    def _asking(self) -> AbstractContextManager[None]:
        remedy = "Check GOOGLE_CLOUD_PROJECT, CLOUD_RUN_REGION and this account's roles."
        return asking(self._service, remedy=remedy)

    @cached_property
    def _jobs(self) -> JobsClient:
        client: JobsClient = self._library.JobsClient(transport="rest", **access(self._endpoint))
        return client

    @cached_property
    def _executions(self) -> ExecutionsClient:
        client: ExecutionsClient = self._library.ExecutionsClient(
            transport="rest", **access(self._endpoint)
        )
        return client


def _detail(conditions: Any) -> str:
    return "; ".join(each.message for each in conditions if each.message)[:500]


def _ids(execution: Execution) -> set[str]:
    """Our ids that its containers carry: one, or none where it was started by hand."""
    containers = execution.template.containers
    return {each.value for it in containers for each in it.env if each.name == _ID}
