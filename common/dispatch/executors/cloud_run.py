"""Executions on Cloud Run, by the Admin API v2 and google-cloud-run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.dispatch.executors.base import Counts, Executor, Launch, NoSuchExecution, StartRefused
from common.errors import Misconfigured, Unavailable
from common.runs import Run
from common.settings import Settings

if TYPE_CHECKING:
    from google.cloud.run_v2 import ExecutionsClient, JobsClient

__all__ = ["CloudRunExecutor"]

_TIMEOUT = 30.0


class CloudRunExecutor(Executor):
    """Cloud Run Jobs of one project and region.

    With RUNJOBS_RUN_ENDPOINT (http://HOST:PORT) it speaks REST to that address, without
    credentials: to an imitation of Cloud Run, that is.
    """

    def __init__(self, settings: Settings, *, endpoint: str | None = None) -> None:
        if not settings.project:
            raise Misconfigured(
                "RUNJOBS_EXECUTOR=cloud-run needs a project: set GOOGLE_CLOUD_PROJECT."
            )
        self._settings = settings
        self._endpoint = endpoint
        self._location = f"projects/{settings.project}/locations/{settings.region}"

    def start(self, launch: Launch) -> str:
        """Call jobs.run once: it has no request id, so a retry could start a second execution."""
        from google.cloud import run_v2

        override = run_v2.RunJobRequest.Overrides.ContainerOverride(
            env=[run_v2.EnvVar(name="RUNJOBS_EXECUTION", value=launch.execution)]
        )
        request = run_v2.RunJobRequest(
            name=f"{self._location}/jobs/{launch.job}",
            overrides=run_v2.RunJobRequest.Overrides(
                container_overrides=[override], task_count=launch.tasks, timeout=launch.timeout
            ),
        )
        with self._start_errors(launch.job):
            operation = self._jobs.run_job(request, retry=None, timeout=_TIMEOUT)
        return str(operation.metadata.name).rpartition("/")[2]

    def describe(self, job: str, name: str) -> Counts:
        """Read the counts: they alone tell of a cancelled execution."""
        with self._errors(job, name):
            found = self._executions.get_execution(name=self._path(job, name), timeout=_TIMEOUT)
        if found.completion_time is None:
            # Counts can be complete a moment before the last task's process has ended.
            return Counts(tasks=found.task_count + 1, succeeded=found.succeeded_count)
        return Counts(
            tasks=found.succeeded_count + found.failed_count + found.cancelled_count,
            succeeded=found.succeeded_count,
            failed=found.failed_count,
            cancelled=found.cancelled_count,
            detail="; ".join(each.message for each in found.conditions if each.message)[:500],
        )

    def cancel(self, job: str, name: str) -> None:
        """Call executions.cancel."""
        with self._errors(job, name):
            self._executions.cancel_execution(name=self._path(job, name), timeout=_TIMEOUT)

    def logs(self, run: Run) -> Iterator[str]:
        """Read what Cloud Logging has kept of the run."""
        from common.dispatch.executors.cloud_logs import read_logs

        return read_logs(self._settings.project, run)

    def check(self) -> None:
        """List one job, which needs the API enabled and a right to use it."""
        with self._errors("any", "any"):
            next(iter(self._jobs.list_jobs(parent=self._location, timeout=_TIMEOUT)), None)

    def _path(self, job: str, name: str) -> str:
        return f"{self._location}/jobs/{job}/executions/{name}"

    @cached_property
    def _jobs(self) -> JobsClient:
        client: JobsClient = self._client("JobsClient")
        return client

    @cached_property
    def _executions(self) -> ExecutionsClient:
        client: ExecutionsClient = self._client("ExecutionsClient")
        return client

    def _client(self, name: str) -> Any:
        try:
            from google.auth.credentials import AnonymousCredentials
            from google.auth.exceptions import DefaultCredentialsError
            from google.cloud import run_v2
        except ImportError as error:
            raise Misconfigured(
                "RUNJOBS_EXECUTOR=cloud-run needs google-cloud-run: pip install 'runjobs[gcp]'."
            ) from error
        kind = getattr(run_v2, name)
        if self._endpoint:
            return kind(
                transport="rest",
                credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
                client_options={"api_endpoint": self._endpoint},
            )
        try:
            return kind()
        except DefaultCredentialsError as error:
            raise Misconfigured(
                f"Cloud Run needs credentials: gcloud auth application-default login ({error})."
            ) from error

    @contextmanager
    def _start_errors(self, job: str) -> Iterator[None]:
        """Tell what was surely refused from what may have been done."""
        from google.api_core import exceptions as api

        try:
            yield
        except api.TooManyRequests as error:
            raise StartRefused(
                f"Cloud Run has had too many starts: {error.message}.", retryable=True
            ) from error
        except api.ClientError as error:
            raise StartRefused(
                f"Cloud Run did not start {job}: {error.message}. Is it deployed in "
                f"{self._location}, and may this account run it (roles/run.developer)?",
                retryable=False,
            ) from error
        except Exception as error:
            raise self._unanswered(error) from error

    @contextmanager
    def _errors(self, job: str, name: str) -> Iterator[None]:
        from google.api_core import exceptions as api

        try:
            yield
        except api.NotFound as error:
            raise NoSuchExecution(f"{self._path(job, name)} is not there.") from error
        except api.TooManyRequests as error:
            raise self._unanswered(error) from error
        except api.ClientError as error:
            raise Misconfigured(
                f"{self._location} cannot be used: {error.message}. Check GOOGLE_CLOUD_PROJECT, "
                "CLOUD_RUN_REGION and this account's roles."
            ) from error
        except Misconfigured:
            raise
        except Exception as error:
            raise self._unanswered(error) from error

    def _unanswered(self, error: Exception) -> Unavailable:
        return Unavailable(f"Cloud Run ({self._location}) did not answer: {error}.")
