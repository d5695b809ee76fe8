"""Taking runs from a queue: as many as its limits allow, in their order, for executions to come.

All that is taken goes into one commit with the queue's document, its rate's permits, the executions
and the runs. That commit holds only if no other dispatcher took from the queue since it was read;
and as every other way into a slot hands one on that is taken already, the free slots counted
between are at least as many as there are then. (A run that somebody starts by hand, or Scheduler
does, takes a slot that may not be free: it is counted, and not held back.)
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.clock import SYSTEM, Clock
from common.documents import MAX_WRITES, Conflict, Write
from common.limits import Buckets
from common.runs import Execution, Line, Queue, Queues, Refused, Run, Runs
from common.runs.ledger import MOST_TASKS
from common.runs.line import Next

__all__ = ["Taken", "Taking"]

_PERMITTED = 200
"""Runs at a time where a rate has its own writes beside them."""
_EXECUTIONS = MAX_WRITES - MOST_TASKS - 1
"""In one commit, beside as many runs and the queue."""
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


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is about to be taken."""

    next: Next
    writes: tuple[Write, ...] = ()
    """Of the rate's permits."""
    wait: float | None = None
    more: bool = False


class Taking:
    """Takes runs from the queues of a ledger."""

    def __init__(  # noqa: PLR0913 - what it takes from, and within what bounds
        self,
        runs: Runs,
        queues: Queues,
        *,
        capacity: int | None = None,
        most: int = MOST_TASKS,
        before: Callable[[], None] = lambda: None,
        clock: Clock = SYSTEM,
        rng: Callable[[], float] = random.random,
    ) -> None:
        """`capacity` is how many runs of a queue can run at once where they are run; `before` is
        called when runs are about to be taken."""
        self.line, self.queues = Line(runs.documents), queues
        self._runs, self._capacity, self._most = runs, capacity, most
        self._before = before
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
        chosen = self._choose(queue, free, self._skip(queue, seen))
        if not chosen.next.runs:
            return Taken(wait=chosen.wait)
        if not self._keep_pace(queue):
            return self._try(name, seen)
        seen.append(queue.version)
        self._before()
        return self._commit(queue, chosen)

    def _commit(self, queue: Queue, chosen: _Chosen) -> Taken:
        runs, now = chosen.next.runs, self._runs.documents.now()
        beside = [queue.took(chosen.next.turns, now), *chosen.writes]
        try:
            executions = self._runs.reserve(runs, beside=beside, most=self._most)
        except Refused as error:  # what was read is not how it stands
            raise Conflict(str(error)) from error
        return Taken(executions, tuple(runs), wait=chosen.wait, more=chosen.more)

    def _free(self, queue: Queue) -> int:
        """Slots, up to as many as one commit can fill."""
        limits = [most for most in (queue.limits.max_concurrent, self._capacity) if most]
        part = self._part(queue)
        return min(part, min(limits) - self.line.active(queue.name)) if limits else part

    def _part(self, queue: Queue) -> int:
        return _PERMITTED if queue.limits.rate else MOST_TASKS

    def _choose(self, queue: Queue, free: int, skip: int) -> _Chosen:
        """The runs that go next, with the permits for just so many."""
        found = self._skipping(queue, free, skip)
        fit = self._fit(found.runs, self._part(queue))
        if fit < len(found.runs):
            found = self._skipping(queue, fit, skip)
        more = len(found.runs) == fit
        rate = queue.limits.rate
        if rate is None or not found.runs:
            return _Chosen(found, more=more)
        permits = self._buckets.ask(queue.permits, rate, len(found.runs))
        if permits.count == len(found.runs):
            return _Chosen(found, permits.writes, more=more)
        found = self._skipping(queue, permits.count, skip)
        wait = max(permits.wait, rate.interval, self._runs.documents.pace)
        return _Chosen(found, permits.writes, wait=wait)

    def _fit(self, runs: Sequence[Run], part: int) -> int:
        """How many of the next runs, and their executions, one commit can hold."""
        jobs: Counter[str] = Counter()
        writes = 0
        for number, run in enumerate(runs):
            writes += 2 if jobs[run.job] % self._most == 0 else 1
            jobs[run.job] += 1
            if writes > part + _EXECUTIONS:
                return number
        return part

    def _skipping(self, queue: Queue, count: int, skip: int) -> Next:
        found = self.line.next(queue, count + skip)
        if len(found.runs) <= skip:
            return self.line.next(queue, count) if skip else found
        return Next(found.runs[skip:], found.turns)

    def _skip(self, queue: Queue, seen: list[str | None]) -> int:
        """How many of the next runs to leave to others, after losing a race for them."""
        lost = bool(seen) and seen[-1] == queue.version
        return int(self._rng() * _SKIP * (1 + len(seen))) if lost else 0

    def _keep_pace(self, queue: Queue) -> bool:
        """Wait where the queue's document was just written; returns whether it was not."""
        now: datetime = self._runs.documents.now()
        pace = self._runs.documents.pace
        since = (now - queue.dispatched).total_seconds() if queue.dispatched else pace
        if since >= pace:
            return True
        self._clock.sleep(pace - since)
        return False
