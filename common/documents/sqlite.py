"""Documents in one SQLite file, used by many processes at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from common.documents import json, sql
from common.documents.base import Documents
from common.documents.document import Document
from common.documents.query import Query
from common.documents.sqlite_connections import Connections
from common.documents.sqlite_errors import translated
from common.documents.sqlite_writes import apply
from common.documents.writes import Delete, Write

__all__ = ["SqliteDocuments"]


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
        self._connections = Connections(self.path)
        self._tables: set[str] = set()

    @property
    def url(self) -> str:
        """What RUNJOBS_DOCUMENTS says to open this store."""
        return f"sqlite:///{self.path.absolute()}"

    def check(self) -> None:
        """Raise what is wrong with the file or its place, if anything; make and change neither."""
        from common.documents.sqlite_check import check_file

        check_file(self.path)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()

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
        with translated(self.path), self._transaction() as connection:
            for write in writes:
                apply(connection, write, token)
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
        with translated(self.path):
            yield self._connections.mine()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connections.mine()
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
            with translated(self.path):
                for statement in sql.schema(collection):
                    self._connections.mine().execute(statement)
            self._tables.add(collection)
