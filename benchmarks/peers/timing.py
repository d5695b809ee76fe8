"""What both peers' sides measure with."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["rate", "until"]


def rate(count: int, what: Callable[[int], None]) -> float:
    """How many a second it does of so many."""
    begin = time.perf_counter()
    what(count)
    return count / (time.perf_counter() - begin)


def until(done: Callable[[], bool], *, every: float = 0.005, patience: float = 120.0) -> None:
    """Look every so many seconds: so seldom that it takes next to nothing from those who work."""
    end = time.monotonic() + patience
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"not done in {patience:.0f} s")
        time.sleep(every)
