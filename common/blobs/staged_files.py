"""Files of a stage, by the texts of their paths: nobody but its writers knows them."""

from __future__ import annotations

import contextlib
import os

from common.blobs.errors import StageRemoved

__all__ = ["TRIES", "append", "create", "etag_of", "move", "unlink", "write_new"]

TRIES = 100
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def write_new(target: str, data: bytes) -> bool:
    """The quick way for small files, of which there may be thousands; False where it is none."""
    try:
        file = os.open(target, _NEW, 0o666)
    except OSError:
        return False
    try:
        return os.write(file, data) == len(data)
    except OSError:
        return False
    finally:
        os.close(file)


def create(file: str) -> int | None:
    """A new file's descriptor, with the folders above it; None where there is one."""
    for _ in range(TRIES):
        try:
            return os.open(file, _NEW, 0o666)
        except FileNotFoundError:
            make_above(file)
        except FileExistsError:
            return None
    raise StageRemoved(file)


def move(written: str, target: str) -> bool:
    """Put it in place; whether it, and the folders, are still there."""
    make_above(target)
    try:
        os.replace(written, target)  # noqa: PTH105 - texts
    except FileNotFoundError:
        return False
    return True


def unlink(file: str) -> None:
    """Remove it, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(file)  # noqa: PTH108 - a text


def make_above(file: str) -> None:
    """Make the folders above it; not all of them where one is removed meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        os.makedirs(file.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 - a text


def append(file: int, data: bytes) -> None:
    """Write all of `data`."""
    written = os.write(file, data)
    while written < len(data):
        written += os.write(file, memoryview(data)[written:])


def etag_of(entry: os.DirEntry[str]) -> str:
    """A text that differs when the file does."""
    status = entry.stat(follow_symlinks=False)
    return f"{status.st_mtime_ns:x}-{status.st_ino:x}"
