"""What is noted of attempts while they last, and when they have ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from common.localcloud.answers import Answer
from common.localcloud.errors import ApiError
from common.localcloud.store import Resource, Store
from common.localcloud.tasks.agendas import held
from common.localcloud.tasks.attempts import failed, given_back, number, renewed
from common.localcloud.tasks.flow import Flow
from common.localcloud.tasks.names import Names
from common.runtime.log import Log

__all__ = ["Noting", "flowed"]


class Noting:
    """Writes what becomes of a queue's tasks."""

    def __init__(self, store: Store, names: Names) -> None:
        self._store = store
        self._names = names

    def note(self, task: Resource, queue: str, answer: Answer) -> None:
        """An attempt has ended."""
        self._store.documents.optimistic(lambda: self._ended(task, queue, answer))
        if answer.slower:
            with suppress(ApiError):  # the queue was deleted
                self._store.change(queue, partial(_slower, now=self._store.now()))

    def renew(self, task: Resource, queue: str) -> None:
        """An attempt goes on."""
        now = self._store.now()
        with suppress(ApiError):  # it was deleted
            self._store.change(task.name, lambda found: renewed(found, number(task), queue, now))

    def give_back(self, queue: str, now: datetime) -> None:
        """Have what killed processes had taken come again. Raises Conflict."""
        for task in self._store.due(held(queue), now):
            self._store.commit(put=[(task, given_back(task, queue, now))])

    def _ended(self, task: Resource, queue: str, answer: Answer) -> None:
        """Note what came of an attempt, unless there has been another since. Raises Conflict."""
        found, now = self._store.find(task.name), self._store.now()
        if found is None or found.created != task.created:
            return
        if answer.good:
            self._names.remove([found], now)
        elif number(found) == number(task) and found.agenda == held(queue):
            self._failed(found, queue, answer, now)

    def _failed(self, task: Resource, queue: str, answer: Answer, now: datetime) -> None:
        place = self._store.find(queue)
        again = failed(task, place, answer, now) if place else None
        if again:
            self._store.commit(put=[(task, again)])
            return
        self._names.remove([task], now)
        Log().warning(
            f"Task {task.id} failed for good after {number(task)} attempts: "
            f"{answer.rpc['message']}",
            action="task-exhausted",
            queue=queue,
        )


def flowed(queue: Resource, flow: Flow) -> Resource:
    """The queue, with where its flow now stands."""
    return replace(queue, kept={**queue.kept, "flow": flow.kept()})


def _slower(queue: Resource, now: datetime) -> Resource | None:
    flow = Flow.of(queue.data["rateLimits"], queue.kept.get("flow", {}), now).slower(now)
    return flowed(queue, flow) if flow else None
