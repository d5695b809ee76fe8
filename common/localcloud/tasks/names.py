"""Names of tasks, which stay taken when their tasks are gone.

A task that was given a name has a resource besides that stands for it, made by the same commit as
the task. When the task is gone it says until when the name is taken: an hour, where Google says up
to a day. (Of a queue that was deleted Google may keep the name for days; here it is free at once.)
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from common.documents import Conflict
from common.localcloud.errors import ApiError
from common.localcloud.store import Resource, Store

__all__ = ["TAKEN", "Names"]

TAKEN = timedelta(hours=1)

_AGENDA = "tasks/names"
_PAGE = 400
_NAMED = "named"


class Names:
    """The tasks of a store, made and removed together with their names."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, task: Resource) -> None:
        """Make a task. Raises ApiError ALREADY_EXISTS."""
        name = Resource(name=_of(task.name), data={}, created=task.created)
        named = [name] if task.kept.get(_NAMED) else []

        def once() -> None:
            if named:
                self._check_free(task)
            self._store.commit(create=[task, *named])

        self._store.documents.optimistic(once)

    def remove(self, tasks: Iterable[Resource], now: datetime) -> None:
        """Remove tasks as they were found. Raises Conflict."""
        found = list(tasks)
        names = [self._store.find(_of(task.name)) for task in found if task.kept.get(_NAMED)]
        buried = [(name, _buried(name, now)) for name in names if name]
        self._store.commit(drop=found, put=buried)

    def forget(self, now: datetime) -> bool:
        """Free some names whose time is over; returns whether there may be more."""
        found = self._store.due(_AGENDA, now, limit=_PAGE)
        with suppress(Conflict):  # one is just being taken again
            self._store.commit(drop=found)
        return len(found) == _PAGE

    def _check_free(self, task: Resource) -> None:
        found = self._store.find(_of(task.name))
        if found is None:
            return
        if found.due is None:
            raise ApiError("ALREADY_EXISTS", f"The task {task.name} exists already.")
        if found.due > task.created:
            raise ApiError(
                "ALREADY_EXISTS",
                "The task cannot be created because a task with this name existed too recently: "
                f"{task.name}.",
            )
        if not self._store.drop(found):
            raise Conflict(f"The name of {task.name} was written in between.")


def _of(task: str) -> str:
    return f"names/{task}"


def _buried(name: Resource, now: datetime) -> Resource:
    return replace(name, agenda=_AGENDA, due=now + TAKEN)
