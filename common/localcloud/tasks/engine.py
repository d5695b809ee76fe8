"""What delivers tasks: each at its time, as fast as its queue allows, until it has succeeded.

Any number of processes may do so. Each takes tasks by one commit that also writes the queue, at the
version which was read before its running tasks were counted: so its rate and its concurrency hold
over all of them. What a killed process had taken is taken again when the claim on it has run out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from common.documents import Conflict
from common.errors import RunjobsError
from common.localcloud.answers import Answer
from common.localcloud.calls import Calls
from common.localcloud.store import Resource, Store
from common.localcloud.tasks.agendas import forced, held, waiting
from common.localcloud.tasks.attempts import headers, taken
from common.localcloud.tasks.flow import Flow
from common.localcloud.tasks.names import Names
from common.localcloud.tasks.noting import Noting, flowed
from common.localcloud.tasks.queues import AGENDA
from common.localcloud.tasks.task_fields import TARGETS
from common.localcloud.values import seconds
from common.runtime.log import Log

__all__ = ["Engine"]

_POLL = 1.0
_QUEUES = 1000
_PAGE = 400
_FORGET = 60.0
"""Seconds between looks for names that are free again."""


class Engine:
    """Delivers the tasks of a store."""

    def __init__(
        self,
        store: Store,
        names: Names,
        calls: Calls,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._names = names
        self._noting = Noting(store, names)
        self._tokens = calls.tokens
        self._deliveries = calls.deliveries
        self._send = calls.send
        self._monotonic = monotonic
        self._taken: dict[str, float] = {}
        self._forgot = float("-inf")

    def turn(self) -> float:
        """Begin what is due; returns the seconds until there may be more to do."""
        self._deliveries.renew()
        now = self._store.now()
        self._forget(now)
        queues = self._store.due(AGENDA, now, limit=_QUEUES)
        return min((self._queue(each, now) for each in queues), default=_POLL)

    def _queue(self, queue: Resource, now: datetime) -> float:
        try:
            self._noting.give_back(queue.name, now)
            self._begin(queue.name, self._store.due(forced(queue.name), now), now)
            return self._flow(queue, now) if queue.data["state"] == "RUNNING" else _POLL
        except Conflict:  # another process, or a user, was in between
            return 0.0

    def _flow(self, queue: Resource, now: datetime) -> float:
        """Begin as much as the queue allows. Raises Conflict."""
        if (pause := self._pace(queue.name)) > 0:
            return pause
        flow = Flow.of(queue.data["rateLimits"], queue.kept.get("flow", {}), now).filled(now)
        room = self._room(queue, flow)
        if room <= 0:
            return min(_POLL, flow.wait(now) or _POLL)
        due = self._store.due(waiting(queue.name), now, limit=room)
        if not due:
            return self._until_next(queue.name, now)
        self._begin(queue.name, due, now, (queue, flowed(queue, flow.taken(len(due)))))
        self._taken[queue.name] = self._monotonic()
        return 0.0 if len(due) == room else self._until_next(queue.name, now)

    def _room(self, queue: Resource, flow: Flow) -> int:
        room = min(int(flow.tokens), self._deliveries.free, _PAGE)
        if room <= 0:
            return 0
        most: int = queue.data["rateLimits"]["maxConcurrentDispatches"]
        return min(room, most - self._store.count(held(queue.name)))

    def _pace(self, queue: str) -> float:
        """Seconds that the queue's document has yet to be left alone."""
        last = self._taken.get(queue, float("-inf"))
        return last + self._store.documents.pace - self._monotonic()

    def _until_next(self, queue: str, now: datetime) -> float:
        following = self._store.next(waiting(queue))
        if following is None:
            return _POLL
        return min(_POLL, max(0.0, (following - now).total_seconds()))

    def _begin(
        self,
        queue: str,
        due: Sequence[Resource],
        now: datetime,
        *also: tuple[Resource, Resource],
    ) -> None:
        """Take tasks, and begin their attempts. Raises Conflict."""
        if not due:
            return
        attempts = [taken(task, queue, now) for task in due]
        self._store.commit(put=[*also, *zip(due, attempts, strict=True)])
        for task in attempts:
            self._deliveries.begin(
                partial(self._answer, task, queue),
                partial(self._noting.note, task, queue),
                partial(self._noting.renew, task, queue),
            )

    def _answer(self, task: Resource, queue: str) -> Answer:
        deadline = seconds(task.data, "dispatchDeadline")
        request, more = task.data["httpRequest"], headers(task, queue)
        try:
            return self._send(TARGETS.request(request, self._tokens, more, deadline))
        except RunjobsError as error:
            Log().warning(f"Task {task.id} cannot be delivered: {error}", action="task-not-sent")
            return Answer(problem="INTERNAL")

    def _forget(self, now: datetime) -> None:
        if self._monotonic() - self._forgot < _FORGET:
            return
        if not self._names.forget(now):
            self._forgot = self._monotonic()
