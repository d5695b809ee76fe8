"""Whether a SQLite file can be used, or made, where it is said to be."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from common.documents.sqlite_connections import check_format
from common.documents.sqlite_errors import corrupt, translated, unusable
from common.documents.sqlite_turns import BUSY_SECONDS

__all__ = ["check_file"]


def check_file(path: Path) -> None:
    """Raise what is wrong with the file or its place, if anything; make and change neither."""
    folder = _nearest(path)
    # Path's own methods would raise where one may not look.
    if not os.path.isdir(folder):  # noqa: PTH112
        raise unusable(path, f"{folder} is not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise unusable(path, f"{folder} is not writable")
    if os.path.exists(path):  # noqa: PTH110
        _check_found(path)
    else:
        _try(path, folder)


def _nearest(path: Path) -> Path:
    """The first of the folders above that exists."""
    return next(above for above in path.absolute().parents if os.path.lexists(above))


def _try(path: Path, folder: Path) -> None:
    """Root may write anywhere and yet cannot in /proc, so see: in a file without a name."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise unusable(path, error) from error


def _check_found(path: Path) -> None:
    if not path.is_file():
        raise unusable(path, "it is not a file")
    if not os.access(path, os.R_OK | os.W_OK):
        raise unusable(path, "it is not readable and writable")
    # A connection of our own, as the store's would make another program's file its own.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with (
        translated(path),
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as connection,
    ):
        check_format(path, connection)
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise corrupt(path, problem)
