"""Tables and indexes of a SQLite file: made, extended and brought up to date where they are not.

Many processes may do so at once, of several releases. So what is missing is looked for again behind
the lock; what an older release does not know of it leaves as it is, and fills.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import lru_cache

from common.documents import json
from common.documents.indexes import INDEXES
from common.documents.keys import Key, key
from common.documents.query import direction
from common.documents.tables import OWN, Table, quoted

__all__ = ["FORMAT", "alone", "columns", "open_table", "upgrade"]

FORMAT = 2
"""Of the file; kept in its user_version, so that older code leaves a newer file alone."""
_FIRST = ("id", "version", "data")
"""The columns of format 1, whose indexes parsed the JSON."""


def open_table(connection: sqlite3.Connection, collection: str) -> Table:
    """The collection's table, made or extended as far as it is not what is declared."""
    if any(_missing(connection, collection)):
        connection.create_function("key_of", 2, _key_of)
        alone(connection, lambda: _run(connection, _missing(connection, collection)))
    return Table(collection, columns(connection, collection)[len(OWN) :])


def columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns of a table, in their order."""
    found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    return tuple(name for (name,) in found)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an older file's tables into today's format, all or none.

    Under their new names older code that is still running finds none of the columns, so it cannot
    write what it does not know to fill.
    """
    if _format(connection) < FORMAT:
        alone(connection, lambda: _run(connection, _renewed(connection)))


def alone(connection: sqlite3.Connection, act: Callable[[], None]) -> None:
    """Do it in one transaction, as the only writer."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        act()
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _run(connection: sqlite3.Connection, statements: Iterator[str]) -> None:
    for statement in list(statements):
        connection.execute(statement)


def _missing(connection: sqlite3.Connection, collection: str) -> Iterator[str]:
    """Statements that make what is declared and not there."""
    name, declared = quoted(collection), INDEXES.get(collection, ())
    there = columns(connection, collection)
    if not there:
        own = ", ".join(f"{column} TEXT NOT NULL" for column in OWN)
        yield f"CREATE TABLE {name} ({own}, PRIMARY KEY (_id))"
    fields = dict.fromkeys(entry.removeprefix("-") for index in declared for entry in index)
    new = [field for field in fields if field not in there]
    # Without a type, SQLite converts nothing.
    yield from (f'ALTER TABLE {name} ADD COLUMN "{field}"' for field in new)
    if new and there:
        filled = ", ".join(f"\"{field}\" = key_of(_data, '{field}')" for field in new)
        yield f"UPDATE {name} SET {filled}"  # noqa: S608
    indexes = _indexes(connection, collection)
    yield from (_index(collection, index) for index in declared if _title(index) not in indexes)


def _key_of(text: str, field: str) -> Key:
    """For SQL, as SQLite's own JSON is not as exact as what is written from now on."""
    data = _decoded(text)
    return key(data[field]) if field in data else None


_decoded = lru_cache(1)(json.decode)  # asked for once for each field


def _index(collection: str, index: tuple[str, ...]) -> str:
    """Ends in the id, as each order does; leaves out what lacks the field asked for first."""
    names = [f'"{entry.removeprefix("-")}"' for entry in index]
    words = ["DESC" if direction(entry) else "ASC" for entry in index]
    keys = ", ".join(f"{name} {word}" for name, word in zip(names, words, strict=True))
    return (
        f'CREATE INDEX "{collection} {_title(index)}" ON {quoted(collection)} '
        f"({keys}, _id {words[-1]}) WHERE {names[0]} IS NOT NULL"
    )


def _title(index: tuple[str, ...]) -> str:
    return " ".join(index)


def _indexes(connection: sqlite3.Connection, collection: str) -> set[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (collection,)
    ).fetchall()
    return {name.removeprefix(f"{collection} ") for (name,) in found}


def _format(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def _renewed(connection: sqlite3.Connection) -> Iterator[str]:
    if _format(connection) >= FORMAT:
        return  # by another process, meanwhile
    ours = "FROM sqlite_master WHERE type = '{}' AND sql IS NOT NULL"
    found = connection.execute(f"SELECT name {ours.format('table')}").fetchall()
    tables = [name for (name,) in found if columns(connection, name) == _FIRST]
    for title, table in connection.execute(f"SELECT name, tbl_name {ours.format('index')}"):
        if table in tables:
            yield f'DROP INDEX "{title}"'
    for table in tables:
        for old, new in zip(_FIRST, OWN, strict=True):
            yield f'ALTER TABLE "{table}" RENAME COLUMN {old} TO {new}'
    yield f"PRAGMA user_version = {FORMAT}"
