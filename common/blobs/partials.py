"""Half-written files: kept apart, so that none is ever taken for a blob."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from typing import TYPE_CHECKING

from common.blobs.folders import folder
from common.blobs.paths import PARTIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Partial", "partial", "sweep_partials"]

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
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
    with folder(root, (PARTIAL,), create=True) as here:
        name = os.urandom(16).hex()
        file = os.open(name, _CREATE, 0o666, dir_fd=here)
        try:
            yield Partial(folder=here, name=name, file=file)
        finally:
            os.close(file)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=here)


def sweep_partials(started: Partial) -> None:
    """Remove what killed writers left: files a day older than `started` by the disk's clock."""
    abandoned = os.fstat(started.file).st_mtime_ns - _ABANDONED_AFTER_NS
    for name in os.listdir(started.folder):  # noqa: PTH208 - a descriptor, no path
        # Another process may sweep at the same time.
        with contextlib.suppress(FileNotFoundError):
            if os.stat(name, dir_fd=started.folder).st_mtime_ns < abandoned:
                os.unlink(name, dir_fd=started.folder)
