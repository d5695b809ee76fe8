"""What a job tells of its executions: how many there were, and how the latest stands."""

from __future__ import annotations

from dataclasses import replace

from common.localcloud.rpc import Json
from common.localcloud.run.names import ended_id
from common.localcloud.store import Resource

__all__ = ["reference", "with_started"]


def with_started(job: Resource, execution: Json, *, count: int = 1) -> Resource:
    """The job, so many more executions having been started, of which this is the latest."""
    data = dict(job.data)
    data["executionCount"] = data.get("executionCount", 0) + count
    if execution["createTime"] >= data.get("latestCreatedExecution", {}).get("createTime", ""):
        data["latestCreatedExecution"] = reference(execution)
    return replace(job, data=data)


def reference(execution: Json) -> Json:
    """An execution, in few words."""
    reference = {"name": ended_id(execution["name"]), "createTime": execution["createTime"]}
    if "completionTime" not in execution:
        return {**reference, "completionStatus": "EXECUTION_RUNNING"}
    status = "EXECUTION_SUCCEEDED"
    if execution.get("cancelledCount"):
        status = "EXECUTION_CANCELLED"
    elif execution.get("failedCount"):
        status = "EXECUTION_FAILED"
    completion = execution["completionTime"]
    return {**reference, "completionTime": completion, "completionStatus": status}
