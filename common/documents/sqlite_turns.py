"""Taking turns with the other writers of a SQLite file.

SQLite's own patience looks again after 1, 2, 5, 10 and more milliseconds, where a commit here takes
a tenth of one: of two writers each would mostly sleep. So it is told to have none, and the waiting
is done here.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from common.backoff import tries
from common.clock import SYSTEM, Clock

__all__ = ["BUSY_SECONDS", "Turns"]

T = TypeVar("T")

BUSY_SECONDS = 5.0
_BASE, _CAP = 50e-6, 2e-3
"""Seconds between looks: at first about what a commit takes."""
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Turns:
    """The wait for those who hold a lock, in real time: it is real processes that hold it."""

    def __init__(self, clock: Clock = SYSTEM, rng: Callable[[], float] = random.random) -> None:
        self._clock = clock
        self._rng = rng

    def take(self, call: Callable[[], T]) -> T:
        """Call, again as long as another holds a lock that it needs, up to BUSY_SECONDS."""
        try:
            return call()
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
        return self._again(call)

    def _again(self, call: Callable[[], T]) -> T:
        found = tries(self._clock, patience=BUSY_SECONDS, base=_BASE, cap=_CAP, rng=self._rng)
        next(found)  # was made already
        for _ in found:
            try:
                return call()
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise
                failure = error
        raise failure


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another holds a lock."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY
