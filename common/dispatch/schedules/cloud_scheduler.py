"""Schedules by Cloud Scheduler, which starts Cloud Run Jobs, and google-cloud-scheduler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.dispatch.executors.cloud_errors import asking
from common.dispatch.google import access, library, patiently
from common.dispatch.schedules.base import Applied, Find, NoSuchSchedule, Place, Schedules
from common.dispatch.schedules.messages import differs, fields, message
from common.dispatch.schedules.target import job_of, schedule_id, schedule_json
from common.errors import Misconfigured
from common.runs import Schedule
from common.runs.firings import Firings
from common.settings import Settings

if TYPE_CHECKING:
    from google.cloud.scheduler_v1 import CloudSchedulerClient, Job

__all__ = ["CloudScheduler"]

TIMEOUT = 30.0
"""Seconds for one call and its repetitions."""
_PAGE = 500


class CloudScheduler(Schedules):
    """The jobs of Cloud Scheduler, in one project and region, that carry our mark.

    With an endpoint (RUNJOBS_SCHEDULER_ENDPOINT=http://HOST:PORT) it speaks to that address,
    without credentials: to an imitation of Cloud Scheduler, that is. It speaks REST to either.
    """

    def __init__(
        self,
        firings: Firings,
        find: Find,
        settings: Settings,
        *,
        endpoint: str | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        super().__init__(firings, find)
        if not settings.project:
            raise Misconfigured(
                "RUNJOBS_SCHEDULES=cloud-scheduler needs a project: set GOOGLE_CLOUD_PROJECT."
            )
        self._settings, self._endpoint, self._timeout = settings, endpoint, timeout
        self._location = f"projects/{settings.project}/locations/{settings.region}"
        self._library = library(
            "scheduler_v1", package="google-cloud-scheduler", what="RUNJOBS_SCHEDULES"
        )

    def apply(self, declared: Mapping[str, Schedule]) -> Applied:
        found = self._ours()
        wanted = {job: self._wanted(job, schedule) for job, schedule in declared.items()}
        created = [job for job in wanted if job not in found]
        updated = [job for job in wanted if job in found and differs(wanted[job], found[job])]
        removed = sorted(found.keys() - wanted.keys())
        for job, schedule in declared.items():
            self.firings.note(job, schedule)
        for job in created:
            self._create(wanted[job])
        for job in updated:
            self._update(wanted[job])
        for job in removed:
            self._delete(job)
        self.firings.forget(removed)
        return Applied(created=tuple(created), updated=tuple(updated), removed=tuple(removed))

    def run_now(self, job: str) -> None:
        """Say in the ledger that the next start is meant to be, and have it started."""
        self._get(job)
        self.firings.ask(self._find(job))
        with self._asking():
            self._client.run_job(name=self._name(job), **self._patiently)

    def check(self) -> None:
        """List them, which needs the API and a right to see them."""
        self._ours()

    def _places(self) -> Sequence[Place]:
        return [self._place(job, found) for job, found in self._ours().items()]

    def _place(self, job: str, found: Job) -> Place:
        state = self._library.Job.State(found.state).name.lower().replace("_", "-")
        time = found.schedule_time
        return Place(
            job=job,
            cron=found.schedule,
            zone=found.time_zone or "UTC",
            state="active" if state == "enabled" else state,
            next=datetime.combine(time.date(), time.time(), UTC) if time else None,
        )

    def _pause(self, job: str) -> None:
        if self._get(job).state != self._library.Job.State.PAUSED:
            with self._asking():
                self._client.pause_job(name=self._name(job), **self._patiently)

    def _resume(self, job: str) -> None:
        if self._get(job).state == self._library.Job.State.PAUSED:
            with self._asking():
                self._client.resume_job(name=self._name(job), **self._patiently)

    def _check_there(self, job: str) -> None:
        self._get(job)

    def _ours(self) -> dict[str, Job]:
        request = self._library.ListJobsRequest(parent=self._location, page_size=_PAGE)
        with self._asking():
            found = list(self._client.list_jobs(request, **self._patiently))
        named = {job_of(each.name, each.description): each for each in found}
        return {job: each for job, each in named.items() if job is not None}

    def _get(self, job: str) -> Job:
        from google.api_core.exceptions import NotFound

        with self._asking():
            try:
                found: Job = self._client.get_job(name=self._name(job), **self._patiently)
            except NotFound:
                raise NoSuchSchedule(job) from None
        if job_of(found.name, found.description) is None:
            raise NoSuchSchedule(job)
        return found

    def _wanted(self, job: str, schedule: Schedule) -> Job:
        settings = self._settings
        if not settings.scheduler_account:
            raise Misconfigured(
                "RUNJOBS_SCHEDULES=cloud-scheduler starts jobs as a service account: set "
                "RUNJOBS_SCHEDULER_ACCOUNT to one that may (roles/run.jobsExecutorWithOverrides)."
            )
        said = schedule_json(
            job,
            schedule,
            project=settings.project,
            region=settings.region,
            account=settings.scheduler_account,
        )
        return message({"name": self._name(job), **said})

    def _create(self, wanted: Job) -> None:
        """Asked again after a lost answer, it is there."""
        from google.api_core.exceptions import Conflict

        with self._asking():
            try:
                self._client.create_job(parent=self._location, job=wanted, **self._patiently)
            except Conflict:
                self._update(wanted)

    def _update(self, wanted: Job) -> None:
        mask = {"paths": sorted(fields(wanted).keys() - {"name"})}
        with self._asking():
            self._client.update_job(job=wanted, update_mask=mask, **self._patiently)

    def _delete(self, job: str) -> None:
        from google.api_core.exceptions import NotFound

        with self._asking(), suppress(NotFound):
            self._client.delete_job(name=self._name(job), **self._patiently)

    def _name(self, job: str) -> str:
        return f"{self._location}/jobs/{schedule_id(job)}"

    @property
    def _patiently(self) -> dict[str, Any]:
        return patiently(self._timeout)

    def _asking(self) -> AbstractContextManager[None]:
        remedy = (
            "Is the API enabled (gcloud services enable cloudscheduler.googleapis.com), and may "
            "this account use it (roles/cloudscheduler.admin, and roles/iam.serviceAccountUser on "
            "RUNJOBS_SCHEDULER_ACCOUNT)?"
        )
        return asking(f"Cloud Scheduler ({self._location})", remedy=remedy)

    @cached_property
    def _client(self) -> CloudSchedulerClient:
        client: CloudSchedulerClient = self._library.CloudSchedulerClient(
            transport="rest", **access(self._endpoint)
        )
        return client
