"""Server time that all processes of a test share, and the test moves."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from common.clock import Clock
from common.documents import Documents
from common.documents.firestore import FirestoreDocuments

__all__ = ["SharedTime"]

_SECONDS = struct.Struct("d")


class SharedTime:
    """True time and an offset, which is kept in a file for all to see."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_SECONDS.pack(0.0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SECONDS.size)
        self.clock = Clock(now=self.now)

    def now(self) -> datetime:
        """Server time."""
        return datetime.now(UTC) + self.offset

    @property
    def offset(self) -> timedelta:
        """How far the test has moved it."""
        (seconds,) = _SECONDS.unpack_from(self._memory)
        return timedelta(seconds=seconds)

    def shift(self, store: Documents) -> Documents:
        """Move the store's own time with ours, where it has one."""
        if isinstance(store, FirestoreDocuments):
            true_now = store._now
            store._now = lambda: true_now() + self.offset  # type: ignore[method-assign]
            store.pace = 0.0  # or the test would wait for true seconds
        return store

    def advance(self, seconds: float) -> None:
        """Let so much time go by at once."""
        _SECONDS.pack_into(self._memory, 0, self.offset.total_seconds() + seconds)

    def close(self) -> None:
        self._memory.close()
