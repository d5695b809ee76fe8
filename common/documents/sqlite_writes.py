"""A commit's writes as SQL, with all that can be made ready before the lock is taken."""

from __future__ import annotations

import sqlite3

from common.documents import json
from common.documents.document import MAX_BYTES, check_data
from common.documents.keys import Key, key
from common.documents.sqlite_recent import Recent
from common.documents.tables import Table
from common.documents.writes import Conflict, Create, Delete, Update, Write

__all__ = ["Step", "conflict", "prepare"]

Step = tuple[str, list[Key], Write]
"""A statement, its values, and the write that is in conflict where it changes no row."""

_MOST_BYTES_A_CHARACTER = 4
"""Of JSON text: `0,` counts as a number's 8 bytes, and UTF-8 has up to 4."""


def prepare(
    connection: sqlite3.Connection, table: Table, write: Write, token: str, recent: Recent
) -> Step:
    """Make the statement that does the write, or raise Conflict where that is so by now."""
    if isinstance(write, Update):
        return _update(connection, table, write, token, recent)
    return _create(table, write, token) if isinstance(write, Create) else _delete(table, write)


def conflict(write: Write) -> Conflict:
    """Return the error for a write whose condition does not hold."""
    what = f"{write.collection}/{write.id}"
    if isinstance(write, Create):
        return Conflict(f"{what} exists already.")
    return Conflict(f"{what} was written or deleted by another.")


def _create(table: Table, write: Create, token: str) -> Step:
    data = write.data
    keys = [key(data[field]) if field in data else None for field in table.fields]
    return table.create, [write.id, token, json.encode(data), *keys], write


def _update(
    connection: sqlite3.Connection, table: Table, write: Update, token: str, recent: Recent
) -> Step:
    """The version, which never comes back, says behind the lock that what is read here stands."""
    text = recent.get(write.collection, write.id, write.version) or _read(connection, table, write)
    data, drop = write.data, write.drop
    fields = tuple([field for field in table.fields if field in data or field in drop])
    keys = [key(data[field]) if field in data else None for field in fields]
    merged = _merged(text, write)
    recent.keep(write.collection, write.id, token, merged)
    return table.update(fields), [token, merged, *keys, write.id, write.version], write


def _read(connection: sqlite3.Connection, table: Table, write: Update) -> str:
    row = connection.execute(table.read, (write.id, write.version)).fetchone()
    if row is None:
        raise conflict(write)
    return str(row[0])


def _merged(text: str, write: Update) -> str:
    """The document with the update's fields; updates may each be small and it too large."""
    merged = json.merge(text, write.data, write.drop)
    if len(merged) * _MOST_BYTES_A_CHARACTER > MAX_BYTES:
        check_data(json.decode(merged))
    return merged


def _delete(table: Table, write: Delete) -> Step:
    return table.delete, [write.id, write.version], write
