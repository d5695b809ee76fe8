"""Tasks of Cloud Tasks: what is asked about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from common.ids import random_id
from common.localcloud.errors import ApiError, not_found
from common.localcloud.rpc import Call, Json
from common.localcloud.store import Resource, Store
from common.localcloud.tasks.agendas import forced, waiting
from common.localcloud.tasks.names import Names
from common.localcloud.tasks.task_fields import check_task_name, shown, task_fields, view_of
from common.localcloud.values import time, timestamp

__all__ = ["Tasks"]


class Tasks:
    """The tasks of a store. `tell` is called when there is something to deliver."""

    def __init__(self, store: Store, names: Names, tell: Callable[[], None]) -> None:
        self._store = store
        self._names = names
        self._tell = tell

    def create(self, call: Call) -> Json:
        """CreateTask."""
        queue, task, view = call.text("parent"), call.message("task"), view_of(call.fields)
        if name := str(task.get("name") or ""):
            check_task_name(name, queue)
        if self._store.find(queue) is None:
            raise ApiError("NOT_FOUND", f"Queue does not exist: {queue}")
        made = self._new(queue, name, task)
        self._names.create(made)
        self._tell()
        return shown(made.data, view)

    def get(self, call: Call) -> Json:
        """GetTask."""
        return shown(self._get(call.text("name")).data, view_of(call.fields))

    def list(self, call: Call) -> Json:
        """ListTasks."""
        view, queue = view_of(call.fields), call.text("parent")
        if self._store.find(queue) is None:
            raise ApiError("NOT_FOUND", f"Queue does not exist: {queue}")
        size = call.number("pageSize") or 1000
        page = self._store.page(f"{queue}/tasks", size=size, token=call.text("pageToken"))
        tasks = [shown(each.data, view) for each in page.found]
        return {"tasks": tasks, "nextPageToken": page.token}

    def delete(self, call: Call) -> Json:
        """DeleteTask."""

        def once() -> None:
            self._names.remove([self._get(call.text("name"))], self._store.now())

        self._store.documents.optimistic(once)
        return {}

    def run(self, call: Call) -> Json:
        """RunTask: now, whatever the queue's rates and state."""
        name, view = call.text("name"), view_of(call.fields)
        self._get(name)
        run = self._store.change(name, self._forced)
        self._tell()
        return shown(run.data, view)

    def _new(self, queue: str, name: str, task: Json) -> Resource:
        now = self._store.now()
        full = name or f"{queue}/tasks/{random_id()}"
        data = {"name": full, **task_fields(task, now)}
        return Resource(
            name=full,
            data=data,
            kept={"named": bool(name)},
            created=now,
            agenda=waiting(queue),
            due=time(data, "scheduleTime"),
        )

    def _forced(self, found: Resource) -> Resource:
        now = self._store.now()
        data = {**found.data, "scheduleTime": timestamp(now)}
        queue = found.parent.rpartition("/")[0]
        return replace(found, data=data, agenda=forced(queue), due=now)

    def _get(self, name: str) -> Resource:
        if (found := self._store.find(name)) is None:
            raise not_found(name)
        return found
