"""Connections to one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from common.documents.sqlite_errors import unusable
from common.documents.sqlite_schema import FORMAT, upgrade
from common.documents.sqlite_turns import Turns

__all__ = ["Connections", "check_format"]

T = TypeVar("T")

_STATEMENTS = 500
"""Kept ready for each connection: an update has one for each set of indexed fields."""

_CHECKPOINT = 8_000
"""Pages in the log (32 MB) before they are copied into the file, which waits for the disk."""


class Connections:
    """One for each thread that asks; a thread's is closed when another is made after its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turns = Turns()
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[tuple[threading.Thread, sqlite3.Connection]] = []

    def mine(self) -> sqlite3.Connection:
        """The calling thread's; the first one makes the file and its folder."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._keep(connection)
        return connection

    def in_turn(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """Act on the calling thread's, again as long as another holds a lock that it needs."""
        return self._turns.take(lambda: act(self.mine()))

    def close(self) -> None:
        """Close those of all threads."""
        with self._lock:
            closing, self._open, self._local = self._open, [], threading.local()
        for _, connection in closing:
            connection.close()

    def _keep(self, connection: sqlite3.Connection) -> None:
        alive = [(threading.current_thread(), connection)]
        ended: list[tuple[threading.Thread, sqlite3.Connection]] = []
        with self._lock:
            for pair in self._open:
                (alive if pair[0].is_alive() else ended).append(pair)
            self._open = alive
        for _, old in ended:
            old.close()

    def _connect(self) -> sqlite3.Connection:
        self._make_folder()
        connection = sqlite3.connect(
            self._path,
            timeout=0,  # see Turns
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS,
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _make_folder(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unusable(self._path, error) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        check_format(self._path, connection)
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
        upgrade(connection)


def check_format(path: Path, connection: sqlite3.Connection) -> None:
    """Raise Misconfigured where newer code wrote the file."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > FORMAT:
        raise unusable(path, f"a newer runjobs wrote it (format {found}): upgrade runjobs")
