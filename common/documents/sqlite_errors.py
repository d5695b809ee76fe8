"""What SQLite's errors mean for the file at `path`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.errors import Misconfigured, RunjobsError, Unavailable

__all__ = ["corrupt", "meaning", "translated", "unusable"]


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise this project's errors for those of SQLite."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise meaning(path, error) from error


def corrupt(path: Path, detail: object) -> Misconfigured:
    """Return the error for a file whose content is broken, or something else's."""
    return Misconfigured(
        f"{path} is not a sound SQLite file ({detail}): restore it, or move it away to begin anew."
    )


def unusable(path: Path, detail: object) -> Misconfigured:
    """Return the error for a file that cannot be opened or made; `detail` is a clause."""
    return Misconfigured(
        f"The documents in {path} cannot be used ({detail}): make the place readable and "
        "writable, or point RUNJOBS_DOCUMENTS or RUNJOBS_HOME elsewhere."
    )


def meaning(path: Path, error: sqlite3.DatabaseError) -> RunjobsError:
    """Return this project's error for one of SQLite."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Unavailable(f"{path} is locked by other processes: {error}.")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return corrupt(path, error)
    if code == sqlite3.SQLITE_FULL:
        return Misconfigured(f"The disk that {path} is on is full: free some space.")
    return unusable(path, error)
