"""Threads beside a job's function, for functions that last: one that ends at once pays for none."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["MOMENT", "beside"]

MOMENT = 0.05
"""Seconds after which a thread is started, at the latest twice that."""
_IDLE = 40
"""Moments without work after which the starter rests until it is called."""

Entry = list[tuple[Callable[[], None], str]]


@contextmanager
def beside(function: Callable[[], None], *, name: str) -> Iterator[None]:
    """Run the function in a daemon thread of that name if the block lasts longer than a moment.

    The function itself has to see that the block has ended.
    """
    entry = [(function, name)]
    _STARTER.add(entry)
    try:
        yield
    finally:
        entry.clear()


class _Starter:
    """One thread that starts the others. To wake it for each block would cost more than all else
    that a short one does, so it looks by itself."""

    def __init__(self) -> None:
        self._waiting: deque[Entry] = deque()
        self._thread: threading.Thread | None = None
        self._called = threading.Event()

    def add(self, entry: Entry) -> None:
        self._waiting.append(entry)
        if self._thread is None or not self._thread.is_alive():  # it does not survive a fork
            self._thread = threading.Thread(target=self._run, daemon=True, name="starter")
            self._thread.start()
        if not self._called.is_set():
            self._called.set()

    def _run(self) -> None:
        idle = 0
        while True:
            before = len(self._waiting)
            time.sleep(MOMENT)
            for _ in range(before):
                _start(self._waiting.popleft())
            idle = 0 if before else idle + 1
            if idle > _IDLE:
                self._rest()

    def _rest(self) -> None:
        self._called.clear()
        if not self._waiting:
            self._called.wait()


def _start(entry: Entry) -> None:
    try:
        function, name = entry[0]
    except IndexError:  # its block has ended
        return
    threading.Thread(target=function, daemon=True, name=name).start()


_STARTER = _Starter()
