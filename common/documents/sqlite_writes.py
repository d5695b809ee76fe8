"""A commit's writes as SQL, with all that can be made ready before the lock is taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from common.documents import json
from common.documents.document import MAX_BYTES, check_data
from common.documents.keys import Key, key
from common.documents.tables import Table
from common.documents.writes import Conflict, Create, Delete, Update, Write

__all__ = ["Step", "conflict", "prepare"]

Step = tuple[str, list[Key], Write]
"""A statement, its values, and the write that is in conflict where it changes no row."""

_MOST_BYTES_A_CHARACTER = 4
"""Of JSON text: `0,` counts as a number's 8 bytes, and UTF-8 has up to 4."""


def prepare(connection: sqlite3.Connection, table: Table, write: Write, token: str) -> Step:
    """Make the statement that does the write, or raise Conflict where that is so by now."""
    return _PREPARE[type(write)](connection, table, write, token)


def conflict(write: Write) -> Conflict:
    """Return the error for a write whose condition does not hold."""
    what = f"{write.collection}/{write.id}"
    if isinstance(write, Create):
        return Conflict(f"{what} exists already.")
    return Conflict(f"{what} was written or deleted by another.")


def _create(_: sqlite3.Connection, table: Table, write: Create, token: str) -> Step:
    data = write.data
    keys = [key(data[field]) if field in data else None for field in table.fields]
    return table.create, [write.id, token, json.encode(data), *keys], write


def _update(connection: sqlite3.Connection, table: Table, write: Update, token: str) -> Step:
    """The version, which never comes back, says behind the lock that what is read here stands."""
    row = connection.execute(table.read, (write.id, write.version)).fetchone()
    if row is None:
        raise conflict(write)
    data, drop = write.data, write.drop
    fields = tuple([field for field in table.fields if field in data or field in drop])
    keys = [key(data[field]) if field in data else None for field in fields]
    values = [token, _merged(row[0], write), *keys, write.id, write.version]
    return table.update(fields), values, write


def _merged(text: str, write: Update) -> str:
    """The document with the update's fields; updates may each be small and it too large."""
    merged = json.merge(text, write.data, write.drop)
    if len(merged) * _MOST_BYTES_A_CHARACTER > MAX_BYTES:
        check_data(json.decode(merged))
    return merged


def _delete(_: sqlite3.Connection, table: Table, write: Delete, _token: str) -> Step:
    return table.delete, [write.id, write.version], write


_PREPARE: dict[type, Callable[[sqlite3.Connection, Table, Any, str], Step]] = {
    Create: _create,
    Update: _update,
    Delete: _delete,
}
