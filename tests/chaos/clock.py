"""Server time that all processes of a test share, and the test moves."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from common.clock import Clock

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
        (offset,) = _SECONDS.unpack_from(self._memory)
        return datetime.now(UTC) + timedelta(seconds=offset)

    def advance(self, seconds: float) -> None:
        """Let so much time go by at once."""
        (offset,) = _SECONDS.unpack_from(self._memory)
        _SECONDS.pack_into(self._memory, 0, offset + seconds)

    def close(self) -> None:
        self._memory.close()
