"""Calls that are bounded as a whole.

An HTTP client's timeout is for one read: a server that sends a byte a second is never late. So the
call is made in a thread of its own, and it is the waiting that ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

__all__ = ["NoAnswer", "Pending"]

T = TypeVar("T")

_SLICE = 0.5
"""Seconds between two looks whether to go on waiting."""


class NoAnswer(Exception):
    """Raised when no whole answer has come in time."""


class Pending(Generic[T]):
    """A call that is under way."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._ended = threading.Event()
        self._value: list[T] = []
        self._error: BaseException | None = None
        threading.Thread(target=self._run, daemon=True, name="genai").start()

    def result(self, limit: float, check: Callable[[], None] = lambda: None) -> T:
        """What the call returns or raises, or `check` raises; NoAnswer after `limit` seconds."""
        end = time.monotonic() + limit
        while not self._ended.wait(min(_SLICE, max(0.0, end - time.monotonic()))):
            check()
            if time.monotonic() >= end:
                raise NoAnswer(f"no whole answer within {limit:.3g} s")
        if self._error is not None:
            raise self._error
        return self._value[0]

    def late(self, limit: float, *, despite: type[BaseException]) -> T | None:
        """What the call returns, if it does within `limit` seconds, although we are to stop.

        `despite` is what says so, perhaps again and again.
        """
        end = time.monotonic() + limit
        while not self._ended.is_set() and time.monotonic() < end:
            with suppress(despite):
                self._ended.wait(max(0.0, end - time.monotonic()))
        return self._value[0] if self._value else None

    def _run(self) -> None:
        try:
            self._value.append(self._call())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            self._error = error
        self._ended.set()
