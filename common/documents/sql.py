"""Queries on collections, as SQL over JSON text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from common.documents import json
from common.documents.indexes import INDEXES
from common.documents.query import Filter, Query, direction
from common.errors import InvalidInput

__all__ = ["SELECT", "count", "schema", "select", "table"]

SELECT = "SELECT id, version, data FROM"
_COLLECTION = re.compile(r"[a-z][a-z0-9_]*")

Sql = tuple[str, list[Any]]


def table(collection: str) -> str:
    """The collection's table, quoted."""
    if not _COLLECTION.fullmatch(collection):
        raise InvalidInput(f"{collection!r} is not a collection: use a-z, 0-9, _.")
    return f'"{collection}"'


def schema(collection: str) -> Iterator[str]:
    """Statements that make the table and its indexes where they are not there yet."""
    name = table(collection)
    yield (
        f"CREATE TABLE IF NOT EXISTS {name} "
        "(id TEXT PRIMARY KEY NOT NULL, version TEXT NOT NULL, data TEXT NOT NULL)"
    )
    for index in INDEXES.get(collection, ()):
        title = "_".join((collection, *(entry.removeprefix("-") for entry in index)))
        last = _word(descending=direction(index[-1]))
        columns = ", ".join([*map(_ordered, index), f"id {last}"])
        yield f'CREATE INDEX IF NOT EXISTS "{title}" ON {name} ({columns})'


def select(query: Query) -> Sql:
    """The documents that match, in order."""
    where, values = _where(query)
    after, position = _after(query)
    order = ", ".join([*map(_ordered, query.ordering), f"id {_word(descending=_last(query))}"])
    limit = "" if query.limit is None else f" LIMIT {int(query.limit)}"
    statement = f"{SELECT} {table(query.collection)} WHERE {where}{after} ORDER BY {order}{limit}"
    return statement, values + position


def count(query: Query) -> Sql:
    """How many match."""
    where, values = _where(query)
    return f"SELECT count(*) FROM {table(query.collection)} WHERE {where}", values  # noqa: S608


def _where(query: Query) -> Sql:
    names = [entry.removeprefix("-") for entry in query.ordering]
    clauses = ["1", *(f"json_type(data, '$.{name}') IS NOT NULL" for name in names)]
    values: list[Any] = []
    for condition in query.where:
        clause, more = _condition(condition)
        clauses.append(clause)
        values += more
    return " AND ".join(clauses), values


def _condition(condition: Filter) -> Sql:
    field, operator, value = condition
    kind = f"json_type(data, '$.{field}')"
    if value is None:
        return f"{kind} = 'null'", []
    compared = f"{_value(field)} {operator} ? AND {kind}"
    if isinstance(value, bool):
        # SQLite's JSON has no booleans of its own: true is the number 1.
        return f"{compared} IN ('true', 'false')", [int(value)]
    if isinstance(value, (int, float)):
        return f"{compared} IN ('integer', 'real')", [value]
    like = "GLOB" if isinstance(value, datetime) else "NOT GLOB"
    clause = f"{compared} = 'text' AND {_value(field)} {like} '{json.TIME_GLOB}'"
    return clause, [json.scalar(value)]


def _after(query: Query) -> Sql:
    """The condition of standing after the cursor, field by field."""
    if query.after is None:
        return "", []
    terms: list[str] = []
    values: list[Any] = []
    shared: list[Any] = []
    equal = ""
    for field, descending, value in query.cursor():
        plain = json.scalar(value)
        terms.append(f"({equal}{_beyond(field, plain, descending=descending)})")
        values += [*shared, plain]
        equal += f"{_value(field)} IS ? AND "
        shared.append(plain)
    terms.append(f"({equal}id {'<' if _last(query) else '>'} ?)")
    return f" AND ({' OR '.join(terms)})", [*values, *shared, query.after.id]


def _beyond(field: str, value: object, *, descending: bool) -> str:
    """Null stands first, and comparing with null is never true, so nulls are said by name."""
    if value is None:
        return "? IS NOT NULL" if descending else f"{_value(field)} IS NOT ?"
    if descending:
        return f"({_value(field)} < ? OR {_value(field)} IS NULL)"
    return f"{_value(field)} > ?"


def _value(field: str) -> str:
    return f"json_extract(data, '$.{field}')"


def _ordered(entry: str) -> str:
    return f"{_value(entry.removeprefix('-'))} {_word(descending=direction(entry))}"


def _last(query: Query) -> bool:
    return bool(query.ordering) and direction(query.ordering[-1])


def _word(*, descending: bool) -> str:
    return "DESC" if descending else "ASC"
