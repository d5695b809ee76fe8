"""Half-written files: kept apart, so that none is ever taken for a blob."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import stat
from typing import TYPE_CHECKING

from common.blobs.folders import entered, folder
from common.blobs.paths import PARTIAL
from common.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Partial", "partial", "sweep_partials"]

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_TRIES = 100
_ABANDONED_AFTER_NS = 24 * 3600 * 1_000_000_000


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Partial:
    """One file being written."""

    folder: int
    """Descriptor of the folder it is in."""
    name: str
    """Its name there."""
    file: int
    """Its own descriptor."""

    def append(self, data: bytes) -> None:
        """Write all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self.file, rest) :]


@contextlib.contextmanager
def partial(root: str) -> Iterator[Partial]:
    """Open a new file in the root's folder for half-written ones; it is gone at the end."""
    name = os.urandom(16).hex()
    with contextlib.ExitStack() as stack:
        here, file = _created(root, name, stack)
        try:
            yield Partial(folder=here, name=name, file=file)
        finally:
            os.close(file)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=here)


def _created(root: str, name: str, stack: contextlib.ExitStack) -> tuple[int, int]:
    for _ in range(_TRIES):
        here = stack.enter_context(folder(root, (PARTIAL,), create=True))
        # A stage that ends removes the folder where it is empty.
        with contextlib.suppress(FileNotFoundError):
            return here, os.open(name, _CREATE, 0o666, dir_fd=here)
    raise Unavailable(f"The folder {PARTIAL} of {root} keeps being removed: try again.")


def sweep_partials(started: Partial) -> None:
    """Remove what killed writers left: files a day older than `started` by the disk's clock."""
    abandoned = os.fstat(started.file).st_mtime_ns - _ABANDONED_AFTER_NS
    for name in os.listdir(started.folder):  # noqa: PTH208 - a descriptor, no path
        # Another process may sweep at the same time.
        with contextlib.suppress(FileNotFoundError):
            if _touched(name, started.folder) < abandoned:
                _remove(name, started.folder)


def _touched(name: str, above: int) -> int:
    """When a file, or a stage or what is directly in it, was last written to."""
    status = os.stat(name, dir_fd=above, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode):
        return status.st_mtime_ns
    with entered(above, name) as here:
        inside = [os.stat(part, dir_fd=here, follow_symlinks=False) for part in os.listdir(here)]  # noqa: PTH208
        return max(one.st_mtime_ns for one in (status, *inside))


def _remove(name: str, above: int) -> None:
    try:
        os.unlink(name, dir_fd=above)
    except (IsADirectoryError, PermissionError):  # Linux says the one of a folder, a Mac the other
        shutil.rmtree(name, ignore_errors=True, dir_fd=above)
