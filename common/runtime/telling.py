"""A thread in which a task tells of what has ended, while it works on the next run.

There is one for all that it tells, made when there is first something to tell: each thread has a
connection of its own to the store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

__all__ = ["Telling"]


class Telling:
    """Calls one function after the other."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def add(self, function: Callable[[], None]) -> None:
        """Have it called soon; it must not raise."""
        self._waiting.put(function)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True, name="telling")
            self._thread.start()

    def close(self, seconds: float) -> None:
        """Wait for so long until all has been told."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(seconds)

    def _run(self) -> None:
        while (function := self._waiting.get()) is not None:
            function()
