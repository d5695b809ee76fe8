"""Cloud Scheduler v1: https://cloud.google.com/scheduler/docs/reference/rest"""

from __future__ import annotations

from collections.abc import Callable

from common.localcloud.calls import Calls
from common.localcloud.rpc import EMPTY, Call, Json, Rpc
from common.localcloud.scheduler.engine import Engine
from common.localcloud.scheduler.jobs import Jobs
from common.localcloud.store import Store

__all__ = ["CloudScheduler"]

_PACKAGE = "google.cloud.scheduler.v1"
_SERVICE = f"{_PACKAGE}.CloudScheduler"
_LOCATION = "projects/*/locations/*"
_JOB = f"{_LOCATION}/jobs/*"


class CloudScheduler:
    """Jobs, and what fires them."""

    def __init__(self, store: Store, calls: Calls) -> None:
        self.jobs = Jobs(store, calls.tell)
        self.engine = Engine(store, calls)
        self.rpcs = _rpcs(self.jobs)


def _rpcs(of: Jobs) -> tuple[Rpc, ...]:
    one, all = f"{{name={_JOB}}}", f"{{parent={_LOCATION}}}/jobs"
    return (
        _rpc(f"GET {all}", "ListJobs", of.list, "", "ListJobsResponse"),
        _rpc(f"GET {one}", "GetJob", of.get, "", "Job"),
        _rpc(f"POST {all}", "CreateJob", of.create, "job", "Job"),
        _rpc(f"PATCH {{job.name={_JOB}}}", "UpdateJob", of.update, "job", "Job"),
        _rpc(f"DELETE {one}", "DeleteJob", of.delete, "", EMPTY),
        _rpc(f"POST {one}:pause", "PauseJob", of.pause, "*", "Job"),
        _rpc(f"POST {one}:resume", "ResumeJob", of.resume, "*", "Job"),
        _rpc(f"POST {one}:run", "RunJob", of.run, "*", "Job"),
    )


def _rpc(rule: str, method: str, answer: Callable[[Call], Json], body: str, response: str) -> Rpc:
    verb, path = rule.split()
    return Rpc(
        verb=verb,
        path=f"/v1/{path}",
        answer=answer,
        body=body,
        service=_SERVICE,
        method=method,
        response=response if "." in response else f"{_PACKAGE}.{response}",
    )
