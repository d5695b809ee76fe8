"""Documents in one SQLite file, used by many processes at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from common.documents import json, sql
from common.documents.base import Conflict, Create, Delete, Documents, Update, Write
from common.documents.document import Document
from common.documents.query import Query
from common.errors import Misconfigured, Unavailable

__all__ = ["SqliteDocuments"]

_BUSY_SECONDS = 5.0
_FORMAT = 1
"""Of the file; kept in its user_version, so that older code leaves a newer file alone."""


class SqliteDocuments(Documents):
    """A table per collection: id, version, data as JSON text.

    In WAL mode readers never wait; writers take turns. A commit survives the death of any
    process; one of the last few may be lost if the whole machine loses power.
    """

    write_interval = 0.25
    read_interval = 0.1

    def __init__(self, path: str | Path, **options: Any) -> None:
        super().__init__(**options)
        self.path = Path(path)
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._tables: set[str] = set()

    @property
    def url(self) -> str:
        """What RUNJOBS_DOCUMENTS says to open this store."""
        return f"sqlite:///{self.path.absolute()}"

    def check(self) -> None:
        """Raise what is wrong with the file, if anything; make neither it nor its folder."""
        if self.path.exists():
            with self._errors():
                problem = self._connection().execute("PRAGMA quick_check(1)").fetchone()[0]
            if problem != "ok":
                raise self._corrupt(problem)

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._connections:
            self._connections.pop().close()
        self._local = threading.local()

    def _get(self, collection: str, id: str) -> Document | None:
        rows = self._select(collection, f"{sql.SELECT} {sql.table(collection)} WHERE id = ?", [id])
        return next(iter(rows), None)

    def _query(self, query: Query) -> list[Document]:
        return self._select(query.collection, *sql.select(query))

    def _count(self, query: Query) -> int:
        with self._reading(query.collection) as connection:
            row = connection.execute(*sql.count(query)).fetchone()
        return int(row[0])

    def _now(self) -> datetime:
        return self._clock.now()

    def _commit(self, writes: Sequence[Write], token: str) -> list[str | None]:
        for write in writes:
            self._ensure(write.collection)
        with self._errors(), self._transaction() as connection:
            for write in writes:
                _APPLY[type(write)](connection, write, token)
        return [None if isinstance(write, Delete) else token for write in writes]

    def _select(self, collection: str, statement: str, values: list[Any]) -> list[Document]:
        with self._reading(collection) as connection:
            rows = connection.execute(statement, values).fetchall()
        return [
            # A commit's token is unique, so it serves as the version too.
            Document(collection, id, json.decode(data), version, version)
            for id, version, data in rows
        ]

    @contextmanager
    def _reading(self, collection: str) -> Iterator[sqlite3.Connection]:
        self._ensure(collection)
        with self._errors():
            yield self._connection()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _ensure(self, collection: str) -> None:
        """Make the collection's table and its declared indexes, once per process."""
        if collection not in self._tables:
            with self._errors():
                for statement in sql.schema(collection):
                    self._connection().execute(statement)
            self._tables.add(collection)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    def _connect(self) -> sqlite3.Connection:
        self._make_folder()
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._connections.append(connection)
        return connection

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(str(error)) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        (format_,) = connection.execute("PRAGMA user_version").fetchone()
        if format_ > _FORMAT:
            raise self._unusable(f"a newer runjobs wrote it (format {format_}): upgrade runjobs")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA user_version = {_FORMAT}")
        connection.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _explained(self, error: sqlite3.DatabaseError) -> Exception:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return Unavailable(f"{self.path} is locked by other processes: {error}.")
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return self._corrupt(error)
        return self._unusable(str(error))

    def _corrupt(self, detail: object) -> Misconfigured:
        return Misconfigured(
            f"{self.path} is not a sound SQLite file ({detail}): restore it, or move it away to "
            "begin anew."
        )

    def _unusable(self, detail: str) -> Misconfigured:
        return Misconfigured(
            f"The documents in {self.path} cannot be used ({detail}): make the place readable and "
            "writable, or point RUNJOBS_DOCUMENTS or RUNJOBS_HOME elsewhere."
        )


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
        (token, json.merge(row[0], write.data), write.id),
    )


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
