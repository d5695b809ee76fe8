"""A seekable stream over something that answers ranges of bytes."""

from __future__ import annotations

import errno
import io
import os
from typing import TYPE_CHECKING

from common.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

__all__ = ["MAX_AHEAD", "MIN_AHEAD", "RangeReader", "open_ranges"]

MIN_AHEAD = 64 * 1024
MAX_AHEAD = 8 * 1024 * 1024


class RangeReader(io.RawIOBase):
    """Reads `size` bytes through `fetch(start, stop)`, `stop` exclusive.

    Each request takes what was asked for and a little more: MIN_AHEAD bytes after a seek,
    twice as much at each step of a sequential read, up to MAX_AHEAD. So a look at a ZIP's
    directory costs little, a long read few round trips, and memory stays at one request.
    """

    def __init__(self, fetch: Callable[[int, int], bytes], size: int) -> None:
        super().__init__()
        self._fetch = fetch
        self._size = size
        self._position = 0
        self._window = b""
        self._window_start = -1
        self._ahead = MIN_AHEAD

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Return the position in bytes from the start."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move as a file does: past the end is allowed, before the start is OSError."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}
        if whence not in base or base[whence] + offset < 0:
            raise OSError(errno.EINVAL, f"cannot seek by {offset} from whence {whence}")
        self._position = base[whence] + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill `buffer` as far as one request allows; return the number of bytes, 0 at the end."""
        target = memoryview(buffer).cast("B")
        if self._position >= self._size or not len(target):
            return 0
        if not 0 <= self._position - self._window_start < len(self._window):
            self._load(len(target))
        offset = self._position - self._window_start
        count = min(len(target), len(self._window) - offset)
        target[:count] = memoryview(self._window)[offset : offset + count]
        self._position += count
        return count

    def readall(self) -> bytes:
        """Return all bytes from here to the end, by one request."""
        if self._position >= self._size:
            return b""
        start, self._position = self._position, self._size
        return self._exactly(start, self._size)

    def _load(self, wanted: int) -> None:
        sequential = self._position == self._window_start + len(self._window)
        self._ahead = min(self._ahead * 2, MAX_AHEAD) if sequential else MIN_AHEAD
        stop = min(self._position + max(wanted, self._ahead), self._size)
        self._window = b""  # so that the old window and the new one are never both in memory
        self._window = self._exactly(self._position, stop)
        self._window_start = self._position

    def _exactly(self, start: int, stop: int) -> bytes:
        data = self._fetch(start, stop)
        if len(data) != stop - start:
            raise Unavailable(
                f"Only {len(data)} of bytes {start} to {stop} were answered: read again."
            )
        return data


def open_ranges(fetch: Callable[[int, int], bytes], size: int) -> io.BufferedReader:
    """Return a buffered reader of `size` bytes over `fetch(start, stop)`, `stop` exclusive."""
    return io.BufferedReader(RangeReader(fetch, size), MIN_AHEAD)
