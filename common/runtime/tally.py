"""How far a transfer of many files has come, as several threads move them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["Tally"]

_MOST = 0.99
"""Of the progress, by bytes alone: it is done when all files are."""


class Tally:
    """Files and bytes. `moved` may be called by any thread."""

    def __init__(self, run: Context, *, files: int, bytes: int) -> None:
        self._run = run
        self._files, self._bytes = files, bytes
        self._lock = threading.Lock()
        self._done = self._moved = 0

    def moved(self, bytes: int) -> None:
        """So many more bytes are here, or there."""
        with self._lock:
            self._moved += bytes

    def done(self) -> None:
        """One more file is."""
        self._done += 1
        self.say()

    def say(self) -> None:
        """Tell the run."""
        by_bytes = min(_MOST, self._moved / self._bytes) if self._bytes else 0.0
        fraction = max(self._done / self._files, by_bytes) if self._files else 1.0
        count = f"{self._done:,} of {self._files:,} files, {self._moved / 1e6:,.1f} MB moved"
        self._run.progress(fraction, count)
