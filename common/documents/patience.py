"""How long a store is asked again when it does not answer, or others get in between."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from common.backoff import tries
from common.clock import SYSTEM, Clock
from common.errors import Unavailable

__all__ = ["Patient"]

T = TypeVar("T")


class _Limit(threading.local):
    """Until when, by the monotonic clock, this thread's operation is patient, if it is in one."""

    end: float | None = None


class Patient:
    """Asks again, ever later, until `patience` seconds have gone by.

    An operation of several steps has one patience for them all; when that has ended, a step that is
    still to come is tried once.
    """

    def __init__(
        self,
        *,
        patience: float = 10.0,
        clock: Clock = SYSTEM,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self.patience = patience
        self._clock = clock
        self._rng = rng
        self._limit = _Limit()

    def _patiently(self, call: Callable[[], T]) -> T:
        begin = self._clock.monotonic()
        try:
            return call()
        except Unavailable as error:
            failure = error
        for _ in self._more_tries(begin):
            try:
                return call()
            except Unavailable as error:
                failure = error
        raise failure

    def _more_tries(self, begin: float | None = None) -> Iterator[int]:
        """Those after a first one, which nearly always does, of what began then or just now."""
        found = self._tries(begin)
        next(found)
        return found

    def _tries(self, begin: float | None = None) -> Iterator[int]:
        now = self._clock.monotonic()
        end = self._limit.end
        if end is None:
            end = (now if begin is None else begin) + self.patience
        return tries(self._clock, patience=end - now, base=0.02, cap=2.0, rng=self._rng)

    @contextmanager
    def _one_patience(self, begin: float | None = None) -> Iterator[None]:
        """Let the calls of one operation share its patience; those within another share that."""
        outer = self._limit.end
        if outer is None:
            begin = self._clock.monotonic() if begin is None else begin
            self._limit.end = begin + self.patience
        try:
            yield
        finally:
            self._limit.end = outer
