"""Limits on memory, by the kernel's own means, as a container engine sets them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.services.missing import missing

CGROUPS = Path("/sys/fs/cgroup")


@contextmanager
def limited(name: str, megabytes: int) -> Iterator[Path]:
    """The file into which a process writes 0 to be held, with its children, to that much memory."""
    parent, limit = _hierarchy()
    folder = parent / f"runjobs-test-{os.getpid()}-{name}"
    try:
        folder.mkdir()
        (folder / limit).write_text(str(megabytes * 2**20))
    except OSError as error:
        missing("a limit on memory", f"{folder} cannot be made: {error}")
    try:
        yield folder / "cgroup.procs"
    finally:
        _remove(folder)


def _hierarchy() -> tuple[Path, str]:
    """Where groups are made, and the file of their limit, in either version of the interface."""
    first = CGROUPS / "memory"
    return (first, "memory.limit_in_bytes") if first.is_dir() else (CGROUPS, "memory.max")


def _remove(folder: Path) -> None:
    """It stays busy for a moment after its last process has ended."""
    for _ in range(100):
        with suppress(OSError):
            folder.rmdir()
            return
        time.sleep(0.05)
