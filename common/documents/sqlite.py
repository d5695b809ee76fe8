"""Documents in one SQLite file, used by many processes at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from common.documents import json, sql
from common.documents.base import Documents
from common.documents.document import Document
from common.documents.query import Query
from common.documents.sqlite_connections import Connections
from common.documents.sqlite_errors import meaning
from common.documents.sqlite_recent import Recent
from common.documents.sqlite_schema import alone
from common.documents.sqlite_tables import Tables
from common.documents.sqlite_writes import Step, conflict, prepare
from common.documents.tables import Table
from common.documents.writes import Delete, Write

__all__ = ["SqliteDocuments"]

T = TypeVar("T")


class SqliteDocuments(Documents):
    """A table per collection: id, version, data as JSON text, keys of what is indexed.

    In WAL mode readers never wait; writers take turns. A commit survives the death of any
    process; one of the last few may be lost if the whole machine loses power.
    """

    write_interval = 0.25
    pace = 0.0
    read_interval = 0.1

    def __init__(self, path: str | Path, **options: Any) -> None:
        super().__init__(**options)
        self.path = Path(path)
        self._connections = Connections(self.path)
        self._tables = Tables()
        self._recent = Recent()

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
        found = self._select(collection, lambda table: (table.get, [id]))
        return found[0] if found else None

    def _query(self, query: Query) -> list[Document]:
        return self._select(query.collection, lambda table: sql.select(query, table))

    def _count(self, query: Query) -> int:
        def ask(connection: sqlite3.Connection) -> int:
            table = self._tables.get(connection, query.collection)
            return int(connection.execute(*sql.count(query, table)).fetchone()[0])

        return self._ask(ask)

    def _now(self) -> datetime:
        return self._clock.now()

    def _commit(self, writes: Sequence[Write], token: str) -> list[str | None]:
        steps = self._ask(lambda connection: self._prepared(connection, writes, token))
        self._ask(lambda connection: alone(connection, lambda: self._do(connection, steps)))
        return [None if isinstance(write, Delete) else token for write in writes]

    def _prepared(
        self, connection: sqlite3.Connection, writes: Sequence[Write], token: str
    ) -> list[Step]:
        return [
            prepare(
                connection,
                self._tables.get(connection, write.collection),
                write,
                token,
                self._recent,
            )
            for write in writes
        ]

    def _do(self, connection: sqlite3.Connection, steps: list[Step]) -> None:
        self._tables.check(connection)
        for statement, values, write in steps:
            if connection.execute(statement, values).rowcount != 1:
                raise conflict(write)

    def _select(self, collection: str, ask: Callable[[Table], sql.Sql]) -> list[Document]:
        rows = self._ask(
            lambda connection: connection.execute(
                *ask(self._tables.get(connection, collection))
            ).fetchall()
        )
        for row in rows:
            self._recent.keep(collection, *row)
        return [
            # A commit's token is unique, so it serves as the version too.
            Document(collection, id, json.decode(data), version, version)
            for id, version, data in rows
        ]

    def _ask(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """Act on this thread's connection, in turn with those who hold a lock."""
        try:
            return self._connections.in_turn(act)
        except sqlite3.DatabaseError as error:
            raise meaning(self.path, error) from error
