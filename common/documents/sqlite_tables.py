"""The tables of a SQLite file that one store has looked at."""

from __future__ import annotations

import sqlite3

from common.documents.sqlite_schema import columns, open_table
from common.documents.tables import OWN, Table
from common.errors import Unavailable

__all__ = ["Tables"]


class Tables:
    """By collection, each made where it is not there yet."""

    def __init__(self) -> None:
        self._open: dict[str, Table] = {}
        self._schema: int | None = None
        """The file's schema_version, which each change of a table moves on, when `_open` was so."""

    def get(self, connection: sqlite3.Connection, collection: str) -> Table:
        """The collection's table."""
        table = self._open.get(collection)
        if table is None:
            table = self._open[collection] = open_table(connection, collection)
            self._schema = None
        return table

    def check(self, connection: sqlite3.Connection) -> None:
        """Raise Unavailable, behind the lock, where newer code has added to the tables meanwhile.

        Written as they were they would lack the new columns' keys, and an index would not find
        what is there.
        """
        (schema,) = connection.execute("PRAGMA schema_version").fetchone()
        if schema == self._schema:
            return
        for collection, table in list(self._open.items()):
            if columns(connection, collection)[len(OWN) :] != table.fields:
                del self._open[collection]
                raise Unavailable(f"The table of {collection} was extended by a newer runjobs.")
        self._schema = schema
