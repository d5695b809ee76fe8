"""The services google.cloud.run.v2.Executions and Tasks, and a call of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.run.v2.calls import EXECUTION, JOB, TASK, getter, lister, service

if TYPE_CHECKING:
    from common.localcloud.run import CloudRun

__all__ = ["rpcs"]


def rpcs(run: CloudRun) -> tuple[Rpc, ...]:
    """Their calls."""

    def cancel(call: Call) -> Json:
        if call.flag("validateOnly"):
            return run.operations.done(run.executions.get(call.text("name")))
        cancelled = run.executions.cancel(call.text("name"), etag=call.text("etag"))
        return run.operations.until_ended(cancelled)

    def delete(call: Call) -> Json:
        if call.flag("validateOnly"):
            return run.operations.done(run.executions.get(call.text("name")))
        gone = run.executions.delete(call.text("name"), etag=call.text("etag"))
        return run.operations.done(gone)

    get, get_task = getter(run.executions.get), getter(run.tasks.get)
    listed, listed_tasks = (
        lister("executions", run.executions.list),
        lister("tasks", run.tasks.list),
    )
    ours, tasks = service("Executions"), service("Tasks")
    many, many_tasks = "ListExecutionsResponse", "ListTasksResponse"
    return (
        ours(f"GET {{parent={JOB}}}/executions", "ListExecutions", listed, response=many),
        ours(f"GET {{name={EXECUTION}}}", "GetExecution", get, response="Execution"),
        ours(f"DELETE {{name={EXECUTION}}}", "DeleteExecution", delete),
        ours(f"POST {{name={EXECUTION}}}:cancel", "CancelExecution", cancel, body="*"),
        tasks(f"GET {{parent={EXECUTION}}}/tasks", "ListTasks", listed_tasks, response=many_tasks),
        tasks(f"GET {{name={TASK}}}", "GetTask", get_task, response="Task"),
        Rpc(
            verb="POST",
            path=f"/local/v1/{{name={EXECUTION}}}:migrate",
            answer=getter(run.executions.migrate),
            body="*",
        ),
    )
