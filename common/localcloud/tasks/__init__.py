"""Cloud Tasks v2: https://cloud.google.com/tasks/docs/reference/rest"""

from __future__ import annotations

from common.localcloud.calls import Calls
from common.localcloud.making import service_calls
from common.localcloud.policies import Policies
from common.localcloud.rpc import EMPTY, Rpc
from common.localcloud.store import Store
from common.localcloud.tasks.engine import Engine
from common.localcloud.tasks.names import Names
from common.localcloud.tasks.queues import Queues
from common.localcloud.tasks.tasks import Tasks

__all__ = ["CloudTasks"]

_IAM = "google.iam.v1"
_LOCATION = "projects/*/locations/*"
_QUEUE = f"{_LOCATION}/queues/*"
_TASK = f"{_QUEUE}/tasks/*"
_rpc = service_calls("google.cloud.tasks.v2.CloudTasks", at="/v2")


class CloudTasks:
    """Queues, tasks, and what delivers them."""

    def __init__(self, store: Store, calls: Calls, policies: Policies) -> None:
        names = Names(store)
        self.queues = Queues(store, names, policies)
        self.tasks = Tasks(store, names, calls.tell)
        self.engine = Engine(store, names, calls)
        self.rpcs: tuple[Rpc, ...] = (*_queues(self.queues), *_policies(self.queues))
        self.rpcs += _tasks(self.tasks)


def _queues(of: Queues) -> tuple[Rpc, ...]:
    one, all = f"{{name={_QUEUE}}}", f"{{parent={_LOCATION}}}/queues"
    return (
        _rpc(f"GET {all}", "ListQueues", of.list, response="ListQueuesResponse"),
        _rpc(f"GET {one}", "GetQueue", of.get, response="Queue"),
        _rpc(f"POST {all}", "CreateQueue", of.create, body="queue", response="Queue"),
        _rpc(
            f"PATCH {{queue.name={_QUEUE}}}",
            "UpdateQueue",
            of.update,
            body="queue",
            response="Queue",
        ),
        _rpc(f"DELETE {one}", "DeleteQueue", of.delete, response=EMPTY),
        _rpc(f"POST {one}:purge", "PurgeQueue", of.purge, body="*", response="Queue"),
        _rpc(f"POST {one}:pause", "PauseQueue", of.pause, body="*", response="Queue"),
        _rpc(f"POST {one}:resume", "ResumeQueue", of.resume, body="*", response="Queue"),
    )


def _policies(of: Queues) -> tuple[Rpc, ...]:
    said = (
        ("GetIamPolicy", of.get_policy, "Policy"),
        ("SetIamPolicy", of.set_policy, "Policy"),
        ("TestIamPermissions", of.test_permissions, "TestIamPermissionsResponse"),
    )
    return tuple(
        _rpc(
            f"POST {{resource={_QUEUE}}}:{method[0].lower()}{method[1:]}",
            method,
            answer,
            body="*",
            request=f"{_IAM}.{method}Request",
            response=f"{_IAM}.{response}",
        )
        for method, answer, response in said
    )


def _tasks(of: Tasks) -> tuple[Rpc, ...]:
    one, all = f"{{name={_TASK}}}", f"{{parent={_QUEUE}}}/tasks"
    return (
        _rpc(f"GET {all}", "ListTasks", of.list, response="ListTasksResponse"),
        _rpc(f"GET {one}", "GetTask", of.get, response="Task"),
        _rpc(f"POST {all}", "CreateTask", of.create, body="*", response="Task"),
        _rpc(f"DELETE {one}", "DeleteTask", of.delete, response=EMPTY),
        _rpc(f"POST {one}:run", "RunTask", of.run, body="*", response="Task"),
    )
