"""Calls that are bounded as a whole.

An HTTP client's timeout is for one read: a server that sends a byte a second is never late. So the
call is made in a thread of its own, and it is the waiting that ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["NoAnswer", "bounded"]

T = TypeVar("T")

_SLICE = 0.5
"""Seconds between two looks whether to go on waiting."""


class NoAnswer(Exception):
    """Raised when no whole answer has come in time."""


def bounded(call: Callable[[], T], *, limit: float, check: Callable[[], None]) -> T:
    """What the call returns or raises, or `check` raises; NoAnswer after `limit` seconds."""
    ended = threading.Event()
    came: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            came.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            failed.append(error)
        ended.set()

    threading.Thread(target=work, daemon=True, name="gemini").start()
    end = time.monotonic() + limit
    while not ended.wait(min(_SLICE, max(0.0, end - time.monotonic()))):
        check()
        if time.monotonic() >= end:
            raise NoAnswer(f"no whole answer within {limit:.3g} s")
    if failed:
        raise failed[0]
    return came[0]
