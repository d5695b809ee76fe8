"""Queries on collections, as SQL that an index answers where one is declared for them.

A statement holds no value, so it is made once for all queries of its shape.
"""

from __future__ import annotations

from functools import lru_cache

from common.documents.keys import Key, key, least, most
from common.documents.query import Query, direction
from common.documents.tables import Table

__all__ = ["Sql", "count", "select"]

Sql = tuple[str, list[Key]]
Shape = tuple[tuple[str, str, type], ...]
"""Of a query's filters: field, operator, the value's type."""
Ordering = tuple[str, ...]
_SHAPES = 500


def select(query: Query, table: Table) -> Sql:
    """The documents that match, in order."""
    after = query.after is not None
    statement = _select(table, _shape(query), query.ordering, after=after)
    limit = -1 if query.limit is None else query.limit
    return statement, [*_position(query), *_values(query), limit]


def count(query: Query, table: Table) -> Sql:
    """How many match."""
    return _count(table, _shape(query), query.ordering), _values(query)


def _shape(query: Query) -> Shape:
    return tuple([(field, operator, type(value)) for field, operator, value in query.where])


def _values(query: Query) -> list[Key]:
    return [key(value) for _, _, value in query.where]


def _position(query: Query) -> list[Key]:
    """Where the cursor stands, as often as the statement asks."""
    if query.after is None:
        return []
    place = [*(key(value) for _, _, value in query.cursor()), query.after.id]
    if _is_one_way(query.ordering):
        return place
    return [place[0], *(value for end in range(len(place)) for value in place[: end + 1])]


@lru_cache(_SHAPES)
def _select(table: Table, shape: Shape, ordering: Ordering, *, after: bool) -> str:
    # The cursor comes first: of several bounds SQLite enters the index at the first one.
    clauses = [*(_after(table, ordering) if after else ()), *_clauses(table, shape, ordering)]
    order = ", ".join(f"{column} {word}" for column, word in _columns(table, ordering))
    return f"{table.select} WHERE {_all(clauses)} ORDER BY {order} LIMIT ?"


@lru_cache(_SHAPES)
def _count(table: Table, shape: Shape, ordering: Ordering) -> str:
    return f"SELECT count(*) FROM {table.name} WHERE {_all(_clauses(table, shape, ordering))}"  # noqa: S608


def _all(clauses: list[str]) -> str:
    return " AND ".join(clauses) or "1"


def _clauses(table: Table, shape: Shape, ordering: Ordering) -> list[str]:
    """The conditions of matching."""
    compared = {field for field, _, _ in shape}
    names = dict.fromkeys(map(_name, ordering))
    return [
        *(_condition(table.key(field), operator, kind) for field, operator, kind in shape),
        *(f"{table.key(name)} IS NOT NULL" for name in names if name not in compared),
    ]


def _condition(column: str, operator: str, kind: type) -> str:
    if operator == "==":
        return f"{column} = ?"
    end = least(kind) if operator in {"<", "<="} else most(kind)
    return f"{column} {operator} ? AND {column} {end}"


def _after(table: Table, ordering: Ordering) -> list[str]:
    """The condition of standing after the cursor."""
    columns = _columns(table, ordering)
    first, sign = columns[0][0], _beyond(columns[0][1])
    if _is_one_way(ordering):
        names = ", ".join(column for column, _ in columns)
        return [f"({names}) {sign} ({', '.join('?' * len(columns))})"]
    terms: list[str] = []
    equal = ""
    for column, word in columns:
        terms.append(f"({equal}{column} {_beyond(word)} ?)")
        equal += f"{column} = ? AND "
    # What is said of the first alone is for the index.
    return [f"{first} {sign}= ?", f"({' OR '.join(terms)})"]


def _columns(table: Table, ordering: Ordering) -> list[tuple[str, str]]:
    """What is ordered by, the id in the last direction, and ASC or DESC."""
    words = ["DESC" if direction(entry) else "ASC" for entry in ordering]
    columns = [table.key(_name(entry)) for entry in ordering]
    return [*zip(columns, words, strict=True), ("_id", words[-1] if words else "ASC")]


def _is_one_way(ordering: Ordering) -> bool:
    return len(set(map(direction, ordering))) <= 1


def _beyond(word: str) -> str:
    return "<" if word == "DESC" else ">"


def _name(entry: str) -> str:
    return entry.removeprefix("-")
