"""The paths of version 1: https://cloud.google.com/run/docs/reference/rest/v1"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.run.v1.calls import Calls

if TYPE_CHECKING:
    from common.localcloud.run import CloudRun

__all__ = ["rpcs"]

Answer = Callable[[Call], Json]
_NAMESPACE = "/apis/run.googleapis.com/v1/{parent=namespaces/*}"
_JOB = "/v1/{resource=projects/*/locations/*/jobs/*}"


def rpcs(run: CloudRun, *, region: str) -> tuple[Rpc, ...]:
    """All calls; `region` is where a request is answered that does not say one."""
    return (*_resources(Calls(run, region)), *_policies(run))


def _resources(calls: Calls) -> tuple[Rpc, ...]:
    return (
        _rpc("POST", "jobs", calls.create_job, body="job"),
        _rpc("GET", "jobs", calls.list_jobs),
        _rpc("GET", "jobs/{id}", calls.get_job),
        _rpc("PUT", "jobs/{id}", calls.replace_job, body="job"),
        _rpc("DELETE", "jobs/{id}", calls.delete_job),
        _rpc("POST", "jobs/{id}:run", calls.run_job, body="*"),
        _rpc("GET", "executions", calls.list_executions),
        _rpc("GET", "executions/{id}", calls.get_execution),
        _rpc("DELETE", "executions/{id}", calls.delete_execution),
        _rpc("POST", "executions/{id}:cancel", calls.cancel_execution, body="*"),
        _rpc("GET", "tasks", calls.list_tasks),
        _rpc("GET", "tasks/{id}", calls.get_task),
    )


def _rpc(verb: str, path: str, answer: Answer, *, body: str = "") -> Rpc:
    return Rpc(verb=verb, path=f"{_NAMESPACE}/{path}", answer=answer, body=body)


def _policies(run: CloudRun) -> tuple[Rpc, ...]:
    def policy(call: Call) -> Json:
        return run.jobs.policy(call.text("resource"))

    def changed(call: Call) -> Json:
        return run.jobs.set_policy(call.text("resource"), call.message("policy"))

    return (
        Rpc(verb="GET", path=f"{_JOB}:getIamPolicy", answer=policy),
        Rpc(verb="POST", path=f"{_JOB}:setIamPolicy", answer=changed, body="*"),
    )
