"""Queues of Cloud Tasks: what is asked about them."""

from __future__ import annotations

from dataclasses import replace

from common.localcloud.errors import ApiError, invalid
from common.localcloud.masks import masked, paths
from common.localcloud.policies import Policies
from common.localcloud.rpc import Call, Json
from common.localcloud.store import Resource, Store
from common.localcloud.tasks.names import Names
from common.localcloud.tasks.queue_fields import check_queue_name, queue_fields
from common.localcloud.values import timestamp

__all__ = ["AGENDA", "Queues"]

AGENDA = "tasks/queues"
"""All queues are on it, so that whoever delivers their tasks finds them."""
_CHANGEABLE = {"rateLimits", "retryConfig", "stackdriverLoggingConfig"}
_UNCHANGED = {"name", "state", "purgeTime"}
_PAGE = 200


class Queues:
    """The queues of a store."""

    def __init__(self, store: Store, names: Names, policies: Policies) -> None:
        self._store = store
        self._names = names
        self._policies = policies

    def create(self, call: Call) -> Json:
        """CreateQueue."""
        queue = call.message("queue")
        name = str(queue.get("name", ""))
        check_queue_name(name)
        if not name.startswith(f"{call.text('parent')}/queues/"):
            raise invalid("queue.name", f"{name!r} is not in {call.text('parent')}.")
        return self._create(name, queue).data

    def get(self, call: Call) -> Json:
        """GetQueue."""
        return self._get(call.text("name")).data

    def list(self, call: Call) -> Json:
        """ListQueues."""
        if call.text("filter"):
            raise invalid("filter", "the local cloud lists all queues: leave it out.")
        page = self._store.page(
            f"{call.text('parent')}/queues",
            size=call.number("pageSize"),
            token=call.text("pageToken"),
        )
        return {"queues": [each.data for each in page.found], "nextPageToken": page.token}

    def update(self, call: Call) -> Json:
        """UpdateQueue, which makes a queue that is not there."""
        queue, mask = call.message("queue"), paths(call.fields.get("updateMask"))
        name = str(queue.get("name", ""))
        check_queue_name(name)
        if self._store.find(name) is None:
            return self._create(name, queue).data
        return self._store.change(name, lambda found: _updated(found, queue, mask)).data

    def delete(self, call: Call) -> Json:
        """DeleteQueue: its tasks go with it."""
        name = self._get(call.text("name")).name
        self._purge(name)
        self._store.delete(name)
        self._purge(name)  # what was made in between
        return {}

    def purge(self, call: Call) -> Json:
        """PurgeQueue: all that are there now are gone."""
        name = self._get(call.text("name")).name
        purged = {"purgeTime": timestamp(self._store.now())}
        self._purge(name)
        return self._changed(name, purged)

    def pause(self, call: Call) -> Json:
        """PauseQueue."""
        return self._changed(call.text("name"), {"state": "PAUSED"})

    def resume(self, call: Call) -> Json:
        """ResumeQueue."""
        return self._changed(call.text("name"), {"state": "RUNNING"})

    def get_policy(self, call: Call) -> Json:
        """GetIamPolicy."""
        self._get(call.text("resource"))
        return self._policies.get(call)

    def set_policy(self, call: Call) -> Json:
        """SetIamPolicy."""
        self._get(call.text("resource"))
        return self._policies.set(call)

    def test_permissions(self, call: Call) -> Json:
        """TestIamPermissions."""
        return self._policies.test(call)

    def _create(self, name: str, queue: Json) -> Resource:
        now = self._store.now()
        data = {"name": name, **queue_fields(queue), "state": "RUNNING"}
        made = Resource(name=name, data=data, created=now, agenda=AGENDA, due=now)
        try:
            return self._store.create(made)
        except ApiError:
            raise ApiError("ALREADY_EXISTS", f"Queue already exists: {name}") from None

    def _get(self, name: str) -> Resource:
        if (found := self._store.find(name)) is None:
            raise ApiError("NOT_FOUND", f"Queue does not exist: {name}")
        return found

    def _changed(self, name: str, fields: Json) -> Json:
        def changed(found: Resource) -> Resource:
            return replace(found, data={**found.data, **fields})

        return self._store.change(self._get(name).name, changed).data

    def _purge(self, queue: str) -> None:
        while self._store.documents.optimistic(lambda: self._purge_some(queue)):
            pass

    def _purge_some(self, queue: str) -> bool:
        page = self._store.page(f"{queue}/tasks", size=_PAGE)
        if page.found:
            self._names.remove(page.found, self._store.now())
        return bool(page.token)


def _updated(found: Resource, queue: Json, mask: list[str]) -> Resource:
    """With an empty mask all is as it is said, and what is not said as in a new queue."""
    if unknown := [path for path in mask if path.split(".")[0] not in _CHANGEABLE | _UNCHANGED]:
        queue_fields({unknown[0].split(".")[0]: queue.get(unknown[0].split(".")[0])})
        raise invalid("updateMask", f"{unknown[0]} is no field of a queue that can be changed.")
    asked = [path for path in mask if path.split(".")[0] in _CHANGEABLE]
    said = masked(found.data, queue, asked) if mask else queue
    fixed = {name: found.data[name] for name in _UNCHANGED if name in found.data}
    return replace(found, data={**fixed, **queue_fields(said)})
