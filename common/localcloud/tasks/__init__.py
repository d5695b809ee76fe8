"""Cloud Tasks v2: https://cloud.google.com/tasks/docs/reference/rest"""

from __future__ import annotations

from collections.abc import Callable

from common.localcloud.calls import Calls
from common.localcloud.policies import Policies
from common.localcloud.rpc import EMPTY, Call, Json, Rpc
from common.localcloud.store import Store
from common.localcloud.tasks.engine import Engine
from common.localcloud.tasks.names import Names
from common.localcloud.tasks.queues import Queues
from common.localcloud.tasks.tasks import Tasks

__all__ = ["CloudTasks"]

_PACKAGE = "google.cloud.tasks.v2"
_SERVICE = f"{_PACKAGE}.CloudTasks"
_IAM = "google.iam.v1"
_LOCATION = "projects/*/locations/*"
_QUEUE = f"{_LOCATION}/queues/*"
_TASK = f"{_QUEUE}/tasks/*"


class CloudTasks:
    """Queues, tasks, and what delivers them."""

    def __init__(self, store: Store, calls: Calls, policies: Policies) -> None:
        names = Names(store)
        self.queues = Queues(store, names, policies)
        self.tasks = Tasks(store, names, calls.tell)
        self.engine = Engine(store, names, calls)
        self.rpcs: tuple[Rpc, ...] = (*_queues(self.queues), *_policies(self.queues))
        self.rpcs += _tasks(self.tasks)


def _rpc(rule: str, method: str, answer: Callable[[Call], Json], body: str, response: str) -> Rpc:
    verb, path = rule.split()
    return Rpc(
        verb=verb,
        path=f"/v2/{path}",
        answer=answer,
        body=body,
        service=_SERVICE,
        method=method,
        response=response if "." in response else f"{_PACKAGE}.{response}",
    )


def _queues(of: Queues) -> tuple[Rpc, ...]:
    one, all = f"{{name={_QUEUE}}}", f"{{parent={_LOCATION}}}/queues"
    return (
        _rpc(f"GET {all}", "ListQueues", of.list, "", "ListQueuesResponse"),
        _rpc(f"GET {one}", "GetQueue", of.get, "", "Queue"),
        _rpc(f"POST {all}", "CreateQueue", of.create, "queue", "Queue"),
        _rpc(f"PATCH {{queue.name={_QUEUE}}}", "UpdateQueue", of.update, "queue", "Queue"),
        _rpc(f"DELETE {one}", "DeleteQueue", of.delete, "", EMPTY),
        _rpc(f"POST {one}:purge", "PurgeQueue", of.purge, "*", "Queue"),
        _rpc(f"POST {one}:pause", "PauseQueue", of.pause, "*", "Queue"),
        _rpc(f"POST {one}:resume", "ResumeQueue", of.resume, "*", "Queue"),
    )


def _policies(of: Queues) -> tuple[Rpc, ...]:
    one = f"/v2/{{resource={_QUEUE}}}"
    said = (
        ("GetIamPolicy", "getIamPolicy", of.get_policy, "Policy"),
        ("SetIamPolicy", "setIamPolicy", of.set_policy, "Policy"),
        ("TestIamPermissions", "testIamPermissions", of.test_permissions, None),
    )
    return tuple(
        Rpc(
            verb="POST",
            path=f"{one}:{verb}",
            answer=answer,
            body="*",
            service=_SERVICE,
            method=method,
            request=f"{_IAM}.{method}Request",
            response=f"{_IAM}.{response or method + 'Response'}",
        )
        for method, verb, answer, response in said
    )


def _tasks(of: Tasks) -> tuple[Rpc, ...]:
    one, all = f"{{name={_TASK}}}", f"{{parent={_QUEUE}}}/tasks"
    return (
        _rpc(f"GET {all}", "ListTasks", of.list, "", "ListTasksResponse"),
        _rpc(f"GET {one}", "GetTask", of.get, "", "Task"),
        _rpc(f"POST {all}", "CreateTask", of.create, "*", "Task"),
        _rpc(f"DELETE {one}", "DeleteTask", of.delete, "", EMPTY),
        _rpc(f"POST {one}:run", "RunTask", of.run, "*", "Task"),
    )
