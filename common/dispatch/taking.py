"""Taking runs from a queue: as many as its limits allow, in their order, for executions to come.

All that is taken goes into one commit with the queue's document, its rate's permits, the executions
and the runs. That commit holds only if no other dispatcher took from the queue since it was read;
and as every other way into a slot hands one on that is taken already, the free slots counted
between are at least as many as there are then.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from common.clock import SYSTEM, Clock
from common.documents import Conflict
from common.limits import Buckets, Permits
from common.runs import Execution, Line, Queue, Queues, Refused, Run, Runs
from common.runs.ledger import MOST_TASKS
from common.runs.line import Next

__all__ = ["Taken", "Taking"]

_PERMITTED = 200
"""Runs at a time where a rate has its own writes beside them."""
_SKIP = 16
"""Runs that are left to tasks which take the next ones by themselves and were first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it."""

    executions: tuple[Execution, ...] = ()
    runs: tuple[Run, ...] = ()
    """All that were taken, as they were before."""
    wait: float | None = None
    """Seconds until more may be taken, where that is known by now."""
    more: bool = False
    """Whether there may be more to take at once."""


class Taking:
    """Takes runs from the queues of a ledger."""

    def __init__(
        self,
        runs: Runs,
        queues: Queues,
        *,
        capacity: int | None = None,
        most: int = MOST_TASKS,
        clock: Clock = SYSTEM,
        rng: Callable[[], float] = random.random,
    ) -> None:
        """`capacity` is how many runs of a queue can run at once where they are run."""
        self.line, self.queues = Line(runs.documents), queues
        self._runs, self._capacity, self._most = runs, capacity, most
        self._buckets = Buckets(runs.documents, rng=rng)
        self._clock, self._rng = clock, rng

    def take(self, name: str) -> Taken:
        """Take the runs of a queue that go next, if there are any and they may."""
        seen: list[str | None] = []  # versions of the queue, to know who was in the way
        return self._runs.documents.optimistic(lambda: self._try(name, seen))

    def _try(self, name: str, seen: list[str | None]) -> Taken:
        queue = self.queues.get(name)
        free = 0 if queue.paused else self._free(queue)
        if free < 1:
            return Taken()
        skip = self._skip(queue, seen)
        next_, permits = self._next(queue, free, skip)
        if permits is not None and not permits.count and permits.wait:
            return Taken(wait=permits.wait)
        if not next_.runs:
            return Taken()
        if not self._keep_pace(queue):
            return self._try(name, seen)
        return self._commit(queue, next_, permits, more=len(next_.runs) == self._part(queue))

    def _commit(self, queue: Queue, next_: Next, permits: Permits | None, *, more: bool) -> Taken:
        now = self._runs.documents.now()
        beside = [queue.took(next_.turns, now), *(permits.writes if permits else ())]
        try:
            executions = self._runs.reserve(next_.runs, beside=beside, most=self._most)
        except Refused as error:  # what was read is not how it stands
            raise Conflict(str(error)) from error
        return Taken(executions, tuple(next_.runs), more=more)

    def _free(self, queue: Queue) -> int:
        """Slots, up to as many as one commit can fill."""
        limits = [most for most in (queue.limits.max_concurrent, self._capacity) if most]
        part = self._part(queue)
        return min(part, min(limits) - self.line.active(queue.name)) if limits else part

    def _part(self, queue: Queue) -> int:
        return _PERMITTED if queue.limits.rate else MOST_TASKS

    def _next(self, queue: Queue, free: int, skip: int) -> tuple[Next, Permits | None]:
        """The runs that go next, and the permits for just so many."""
        found = self._skipping(queue, free, skip)
        rate = queue.limits.rate
        if rate is None or not found.runs:
            return found, None
        permits = self._buckets.ask(queue.name, rate, len(found.runs))
        if permits.count < len(found.runs):
            found = self._skipping(queue, permits.count, skip)
        return found, permits

    def _skipping(self, queue: Queue, count: int, skip: int) -> Next:
        found = self.line.next(queue, count + skip)
        if len(found.runs) <= skip:
            return self.line.next(queue, count) if skip else found
        return Next(found.runs[skip:], found.turns)

    def _skip(self, queue: Queue, seen: list[str | None]) -> int:
        """How many of the next runs to leave to others, after losing a race for them."""
        lost = bool(seen) and seen[-1] == queue.version
        seen.append(queue.version)
        return int(self._rng() * _SKIP * len(seen)) if lost else 0

    def _keep_pace(self, queue: Queue) -> bool:
        """Wait where the queue's document was just written; returns whether it was not."""
        now: datetime = self._runs.documents.now()
        pace = self._runs.documents.pace
        since = (now - queue.dispatched).total_seconds() if queue.dispatched else pace
        if since >= pace:
            return True
        self._clock.sleep(pace - since)
        return False
