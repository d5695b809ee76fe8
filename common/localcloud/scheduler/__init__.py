"""Cloud Scheduler v1: https://cloud.google.com/scheduler/docs/reference/rest"""

from __future__ import annotations

from common.localcloud.calls import Calls
from common.localcloud.making import service_calls
from common.localcloud.rpc import EMPTY, Rpc
from common.localcloud.scheduler.engine import Engine
from common.localcloud.scheduler.jobs import Jobs
from common.localcloud.store import Store

__all__ = ["CloudScheduler"]

_SERVICE = "google.cloud.scheduler.v1.CloudScheduler"
_LOCATION = "projects/*/locations/*"
_JOB = f"{_LOCATION}/jobs/*"


class CloudScheduler:
    """Jobs, and what fires them."""

    def __init__(self, store: Store, calls: Calls) -> None:
        self.jobs = Jobs(store, calls.tell)
        self.engine = Engine(store, calls)
        self.rpcs = _rpcs(self.jobs)


def _rpcs(of: Jobs) -> tuple[Rpc, ...]:
    rpc = service_calls(_SERVICE, at="/v1")
    one, all = f"{{name={_JOB}}}", f"{{parent={_LOCATION}}}/jobs"
    return (
        rpc(f"GET {all}", "ListJobs", of.list, response="ListJobsResponse"),
        rpc(f"GET {one}", "GetJob", of.get, response="Job"),
        rpc(f"POST {all}", "CreateJob", of.create, body="job", response="Job"),
        rpc(f"PATCH {{job.name={_JOB}}}", "UpdateJob", of.update, body="job", response="Job"),
        rpc(f"DELETE {one}", "DeleteJob", of.delete, response=EMPTY),
        rpc(f"POST {one}:pause", "PauseJob", of.pause, body="*", response="Job"),
        rpc(f"POST {one}:resume", "ResumeJob", of.resume, body="*", response="Job"),
        rpc(f"POST {one}:run", "RunJob", of.run, body="*", response="Job"),
    )
