"""Sources and measures for tests of blobs."""

from __future__ import annotations

import contextlib
import hashlib
import tracemalloc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024


class Pattern:
    """A stream of `size` bytes that can only be read forward, and answers short, as a pipe does.

    Byte n is known from n, so a range of it is known without the rest.
    """

    def __init__(self, size: int, *, at_most: int = 700_001) -> None:
        self.left = size
        self.at_most = at_most
        self.position = 0

    def read(self, size: int) -> bytes:
        count = min(size, self.left, self.at_most)
        part = pattern(self.position, self.position + count)
        self.position += count
        self.left -= count
        return part


class Breaking(Pattern):
    """A stream that raises `error` where `Pattern` would end."""

    def __init__(self, size: int, error: BaseException) -> None:
        super().__init__(size)
        self.error = error

    def read(self, size: int) -> bytes:
        if not self.left:
            raise self.error
        return super().read(size)


_BLOCK = hashlib.shake_128(b"blobs").digest(99_991)


def pattern(start: int, stop: int) -> bytes:
    """The bytes of every Pattern from `start` to before `stop`."""
    first = start % len(_BLOCK)
    repeated = _BLOCK * ((stop - start + first) // len(_BLOCK) + 1)
    return repeated[first : first + stop - start]


class Peak:
    """Most memory that Python's allocations took at once, in bytes."""

    size = 0


@contextlib.contextmanager
def measured() -> Iterator[Peak]:
    peak = Peak()
    tracemalloc.start()
    try:
        yield peak
        peak.size = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
