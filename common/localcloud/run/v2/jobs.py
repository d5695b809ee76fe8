"""The service google.cloud.run.v2.Jobs, but for policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.localcloud.errors import invalid
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.run.shapes import check_job
from common.localcloud.run.v2.calls import JOB, LOCATION, getter, lister, service

if TYPE_CHECKING:
    from common.localcloud.run import CloudRun

__all__ = ["rpcs"]

_THEIRS = (
    "run.googleapis.com",
    "cloud.googleapis.com",
    "serving.knative.dev",
    "autoscaling.knative.dev",
)
"""Whose labels API v2 refuses: it has fields for what they say."""


def rpcs(run: CloudRun) -> tuple[Rpc, ...]:
    """Its calls."""

    def create(call: Call) -> Json:
        job = _own(call.message("job"))
        dry = call.flag("validateOnly")
        made = run.jobs.create(call.text("parent"), call.text("jobId"), job, validate_only=dry)
        return run.operations.of_job(made)

    def update(call: Call) -> Json:
        made = run.jobs.update(
            _own(call.message("job")),
            allow_missing=call.flag("allowMissing"),
            validate_only=call.flag("validateOnly"),
        )
        return run.operations.of_job(made)

    def delete(call: Call) -> Json:
        dry = call.flag("validateOnly")
        gone = run.jobs.delete(call.text("name"), etag=call.text("etag"), validate_only=dry)
        return run.operations.of_job(gone)

    def start(call: Call) -> Json:
        execution = run.jobs.run(
            call.text("name"),
            overrides=call.message("overrides"),
            etag=call.text("etag"),
            validate_only=call.flag("validateOnly"),
        )
        if call.flag("validateOnly"):
            return run.operations.done(execution)
        return run.operations.until_ended(execution)

    get = getter(run.jobs.get)
    listed = lister("jobs", run.jobs.list)
    jobs = service("Jobs")
    return (
        jobs(f"POST {{parent={LOCATION}}}/jobs", "CreateJob", create, body="job"),
        jobs(f"GET {{parent={LOCATION}}}/jobs", "ListJobs", listed, response="ListJobsResponse"),
        jobs(f"GET {{name={JOB}}}", "GetJob", get, response="Job"),
        jobs(f"PATCH {{job.name={JOB}}}", "UpdateJob", update, body="job"),
        jobs(f"DELETE {{name={JOB}}}", "DeleteJob", delete),
        jobs(f"POST {{name={JOB}}}:run", "RunJob", start, body="*"),
    )


def _own(job: Json) -> Json:
    """A job without labels or annotations of Google's, for which v2 has fields."""
    check_job(job)
    for field in ("labels", "annotations"):
        for name in job.get(field) or {}:
            if str(name).partition("/")[0].endswith(_THEIRS) and "/" in str(name):
                raise invalid(f"job.{field}", f"'{name}' is reserved for the system.")
    return job
