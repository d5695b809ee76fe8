"""All results of a batch, in a file and not in memory, to be gone through by source."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from common.blobs import StorageFull
from common.files import TooMuch

__all__ = ["Gathered", "gathered"]

_MOST = 300_000_000
"""Bytes of the file: on Cloud Run the disk is memory."""


class Gathered:
    """Results, one document each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._bytes = 0
        self.count = 0

    def add(self, source: str, id: str, result: Mapping[str, Any]) -> None:
        """Take in one. Raises TooMuch."""
        packed = zlib.compress(json.dumps(result).encode(), 1)
        self._bytes += len(packed)
        if self._bytes > _MOST:
            raise TooMuch("What was found in all documents together", _MOST)
        try:
            self._connection.execute("INSERT INTO results VALUES (?, ?, ?)", (source, id, packed))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise StorageFull("the temporary folder") from error
            raise
        self.count += 1

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """All of them, by source."""
        rows = self._connection.execute("SELECT packed FROM results ORDER BY source, id")
        for (packed,) in rows:
            yield json.loads(zlib.decompress(packed))


@contextmanager
def gathered(file: Path) -> Iterator[Gathered]:
    """An empty one, in a new file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE results (source TEXT, id TEXT, packed BLOB, PRIMARY KEY (source, id))"
            " WITHOUT ROWID"
        )
        yield Gathered(connection)
