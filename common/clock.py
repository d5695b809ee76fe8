"""Time as something given, so that tests own it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["SYSTEM", "Clock"]


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The three things that code does with time."""

    now: Callable[[], datetime] = _utc
    """The wall clock, aware, UTC. A container's is never used to judge a lease."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds that only go forward, for measuring spans within one process."""
    sleep: Callable[[float], None] = time.sleep
    """Waits that many seconds."""


SYSTEM = Clock()
