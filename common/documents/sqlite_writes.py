"""A commit's writes, as SQLite does them within its transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from common.documents import json, sql
from common.documents.document import MAX_BYTES, check_data
from common.documents.writes import Conflict, Create, Delete, Update, Write

__all__ = ["apply"]

_MOST_BYTES_A_CHARACTER = 4
"""Of JSON text: `0,` counts as a number's 8 bytes, and UTF-8 has up to 4."""


def apply(connection: sqlite3.Connection, write: Write, token: str) -> None:
    """Do one write, or raise Conflict where its condition does not hold."""
    _APPLY[type(write)](connection, write, token)


def _create(connection: sqlite3.Connection, write: Create, token: str) -> None:
    _one(
        connection.execute(
            f"INSERT OR IGNORE INTO {sql.table(write.collection)} VALUES (?, ?, ?)",  # noqa: S608
            (write.id, token, json.encode(write.data)),
        ),
        f"{write.collection}/{write.id} exists already.",
    )


def _update(connection: sqlite3.Connection, write: Update, token: str) -> None:
    table = sql.table(write.collection)
    row = connection.execute(
        f"SELECT data FROM {table} WHERE id = ? AND version = ?",  # noqa: S608
        (write.id, write.version),
    ).fetchone()
    if row is None:
        raise Conflict(f"{write.collection}/{write.id} was written or deleted by another.")
    connection.execute(
        f"UPDATE {table} SET version = ?, data = ? WHERE id = ?",  # noqa: S608
        (token, _merged(row[0], write), write.id),
    )


def _merged(text: str, write: Update) -> str:
    """The document with the update's fields; updates may each be small and it too large."""
    merged = json.merge(text, write.data)
    if len(merged) * _MOST_BYTES_A_CHARACTER > MAX_BYTES:
        check_data(json.decode(merged))
    return merged


def _delete(connection: sqlite3.Connection, write: Delete, _token: str) -> None:
    _one(
        connection.execute(
            f"DELETE FROM {sql.table(write.collection)} WHERE id = ? AND version = ?",  # noqa: S608
            (write.id, write.version),
        ),
        f"{write.collection}/{write.id} was written or deleted by another.",
    )


def _one(cursor: sqlite3.Cursor, otherwise: str) -> None:
    if cursor.rowcount != 1:
        raise Conflict(otherwise)


_APPLY: dict[type, Callable[[sqlite3.Connection, Any, str], None]] = {
    Create: _create,
    Update: _update,
    Delete: _delete,
}
