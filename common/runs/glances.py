"""Which run a task that has ended one may take next.

glance  the next few runs of the queue, read at once and believed for a second. Where they go fast,
        or others were first, each task begins at a place of its own among them, so that they seldom
        reach for the same one; else the order holds to the run

Only runs of its own job are taken. A task leaves, and frees its slot, when a run of another job is
more urgent, or has waited so much longer that it may have a container of its own.
"""

from __future__ import annotations

import zlib
from collections import deque
from dataclasses import replace
from datetime import timedelta

from common.clock import Clock
from common.limits import Rate
from common.runs.line import Line
from common.runs.order import Turn
from common.runs.queues import Queue, Queues
from common.runs.records import Run

__all__ = ["Glances"]

_CIRCLE = 2**32
_FRESH = 1.0
"""Seconds for which a glance is believed."""
_LEAST, _MOST = 8, 64
"""Runs in a glance; the most for runs that take next to no time."""
_PATIENCE = timedelta(seconds=60)
"""So much longer another job's run must have waited: what a container costs at least."""


class Glances:
    """What one task sees of its queue."""

    def __init__(self, queues: Queues, *, clock: Clock, place: int) -> None:
        """`place` is this task's among all, from 0 to 2^32."""
        self.rate: Rate | None = None
        """Of the queue, when it was last looked at."""
        self._clock = clock
        self._place = place
        self._line, self._queues = Line(queues.documents), queues
        self._ahead: deque[Run] = deque()
        self._at = float("-inf")
        self._width = _LEAST
        self._last: Run | None = None
        self._row = 0
        """How many runs of its tenant this task has worked on since it was on another's."""

    def candidate(self, run: Run) -> Run | None:
        """A run that may come after this one; another each time."""
        self._follow(run)
        fresh = self._clock.monotonic() - self._at < _FRESH
        if not self._ahead or not fresh:
            grown = 2 * self._width if fresh else self._width // 2
            self._width = max(_LEAST, min(_MOST, grown))
            found = self._look(run)
            self._ahead = deque(sorted(found, key=self._distance) if fresh else found)
            self._at = self._clock.monotonic()
        return self._ahead.popleft() if self._ahead else None

    def forget(self) -> None:
        """What was seen is not so any more: another task has come to this one's place."""
        self._ahead.clear()

    def _follow(self, run: Run) -> None:
        last, self._last = self._last, run
        if last is None or last.id != run.id:
            same = last is not None and last.tenant == run.tenant
            self._row = self._row + 1 if same else 1

    def _look(self, run: Run) -> list[Run]:
        queue = self._queues.get(run.queue)
        self.rate = queue.limits.rate
        if queue.paused or self._is_over(queue):
            return []
        left = max(0, queue.weights.get(run.tenant, 1) - self._row)
        turns = {**queue.turns, run.priority: Turn(run.tenant, left)}
        found = self._line.next(replace(queue, turns=turns), self._width).runs
        return self._mine(found, run.job)

    def _is_over(self, queue: Queue) -> bool:
        """Whether more are active than may be, because the limit was lowered."""
        most = queue.limits.max_concurrent
        return most is not None and self._line.active(queue.name) > most

    def _mine(self, found: list[Run], job: str) -> list[Run]:
        urgent = [run for run in found if run.priority == found[0].priority]
        own = [run for run in urgent if run.job == job]
        if not own:
            return []
        before = own[0].due - _PATIENCE
        if any(run.due < before for run in urgent if run.job != job):
            return []
        return own

    def _distance(self, run: Run) -> int:
        return (zlib.crc32(run.id.encode()) - self._place) % _CIRCLE
