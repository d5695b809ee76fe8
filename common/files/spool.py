"""Copies on the disk, which on Cloud Run is memory: bounded, and gone if they do not fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from common.errors import InvalidInput

__all__ = ["TooMuch", "spool"]

_CHUNK = 1 << 20


class TooMuch(InvalidInput):
    """Raised when something is larger than the limit that was set for it."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"{what} has more than {most:,} bytes, which is the limit for it.")


def spool(
    source: BinaryIO, to: Path, *, most: int, what: str, check: Callable[[], None] = lambda: None
) -> int:
    """Copy at most so many bytes of a stream to a new file; returns how many there were.

    `check` is called between chunks, to stop when it raises. Raises TooMuch; then, as after any
    error, a full disk's among them, the file is not there.
    """
    try:
        with to.open("xb") as file:
            return _copy(source, file, most=most, what=what, check=check)
    except BaseException as error:
        if not isinstance(error, FileExistsError):
            to.unlink(missing_ok=True)
        raise


def _copy(
    source: BinaryIO, file: BinaryIO, *, most: int, what: str, check: Callable[[], None]
) -> int:
    total = 0
    while chunk := source.read(_CHUNK):
        check()
        total += len(chunk)
        if total > most:
            raise TooMuch(what, most)
        file.write(chunk)
    return total
