"""Permits that one process has taken for what it is about to do.

A process that calls often takes several at once, as many as it used in the last second and no more
than a second brings; those that it does not use within a second are given up. So calls keep to the
rate over every span that is longer than that: any t seconds hold at most the burst and what t + 1
seconds bring. Who calls less than once a second takes them one by one, and keeps to it exactly.
"""

from __future__ import annotations

import threading
from collections import deque

from common.clock import Clock
from common.limits.buckets import Buckets
from common.limits.rate import Rate

__all__ = ["Portion"]

_KEPT = 1.0


class Portion:
    """Permits of one name that are taken and not yet used. Safe to share among threads."""

    def __init__(self, buckets: Buckets, name: str, clock: Clock) -> None:
        self._buckets, self._name, self._clock = buckets, name, clock
        self._lock = threading.Lock()
        self._kept: deque[float] = deque()
        """Until when each may be used, by the monotonic clock."""
        self._used: deque[float] = deque()
        """When permits were used in the last second."""

    def peek(self, rate: Rate) -> float:
        """Seconds until a permit may be had; 0.0 where there is one. Takes none."""
        with self._lock:
            self._forget()
            if self._kept:
                return 0.0
        return self._buckets.ask(self._name, rate).wait

    def use(self, rate: Rate) -> float:
        """Use one permit: 0.0; or else the seconds until one may be had."""
        with self._lock:
            self._forget()
            if self._kept:
                self._kept.popleft()
                self._used.append(self._clock.monotonic())
                return 0.0
            wanted = self._wanted(rate)
        return self._take(rate, wanted)

    def _take(self, rate: Rate, wanted: int) -> float:
        asked = self._clock.monotonic()
        permits = self._buckets.take(self._name, rate, wanted)
        if not permits.count:
            return permits.wait
        with self._lock:
            self._kept.extend([asked + _KEPT] * (permits.count - 1))
            self._used.append(asked)
        return 0.0

    def _wanted(self, rate: Rate) -> int:
        most = max(1, int(rate.per_second), int(rate.capacity))
        return max(1, min(len(self._used), most))

    def _forget(self) -> None:
        now = self._clock.monotonic()
        while self._kept and self._kept[0] <= now:
            self._kept.popleft()
        while self._used and self._used[0] <= now - _KEPT:
            self._used.popleft()
