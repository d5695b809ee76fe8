"""All that was written to a filesystem, on its disk."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

__all__ = ["Settling", "settle"]

_WRITE = 2  # SYNC_FILE_RANGE_WRITE
_BEGIN_BYTES = 1024 * 1024


class Settling:
    """Has what is written to `file` be put on the disk meanwhile, and waits for nothing.

    Else all of it is left to the end, when there is nothing to do but to wait for it.
    """

    def __init__(self, file: int) -> None:
        self._file, self._fresh = file, 0

    def wrote(self, size: int) -> None:
        """So many bytes more were written."""
        self._fresh += size
        if self._fresh >= _BEGIN_BYTES:
            _functions()[0](self._file, 0, 0, _WRITE)
            self._fresh = 0


def settle(file: int) -> None:
    """Return when all files of the filesystem that `file` is on are as durable as after fsync.

    For thousands of files it takes what one fsync takes, where one for each takes a second.
    """
    if _functions()[1](file) != 0:
        os.sync()


@functools.cache
def _functions() -> tuple[Callable[..., int], Callable[..., int]]:
    """sync_file_range and syncfs, which a Mac has not."""
    import ctypes

    try:
        library = ctypes.CDLL(None)
        sync_file_range, syncfs = library.sync_file_range, library.syncfs
    except (AttributeError, OSError):
        return (lambda *_: -1), (lambda _: -1)
    place = ctypes.c_int64
    sync_file_range.argtypes = [ctypes.c_int, place, place, ctypes.c_uint]
    syncfs.argtypes = [ctypes.c_int]
    return sync_file_range, syncfs
