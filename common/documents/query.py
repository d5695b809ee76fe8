"""What can be asked of a collection: only what SQLite and Firestore both answer alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from common.documents.document import Document, check_scalar
from common.errors import InvalidInput

__all__ = ["Filter", "Operator", "Query", "Scalar", "direction"]

Scalar = str | int | float | bool | datetime | None
Operator = Literal["==", "<", "<=", ">", ">="]
Filter = tuple[str, Operator, Scalar]

_FIELD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Query:
    """Documents of one collection that match all filters.

    A document that lacks a field which is filtered or ordered by does not match. A range matches
    values of its own type only, and never null. A field is expected to hold one type throughout.
    """

    collection: str
    where: tuple[Filter, ...] = ()
    order: tuple[str, ...] = ()
    """Field names, `-` before one for descending; ties are broken by id, in the last direction."""
    limit: int | None = None
    after: Document | None = None
    """The last document of the page before this one."""

    def __post_init__(self) -> None:
        for name in (*(field for field, _, _ in self.where), *map(_name, self.order)):
            if not _FIELD.fullmatch(name):
                raise InvalidInput(f"{name!r} is not a field that can be queried: use a-z, 0-9, _.")
        for field, operator, value in self.where:
            if value is None and operator != "==":
                raise InvalidInput(f"{field} {operator} null matches nothing: compare with ==.")
            check_scalar(field, value)

    @property
    def ordering(self) -> tuple[str, ...]:
        """The order with fields added that ranges are on, as Firestore demands it."""
        last = "-" if self.order and direction(self.order[-1]) else ""
        ranged = {field for field, operator, _ in self.where if operator != "=="}
        implied = sorted(ranged - set(map(_name, self.order)))
        return (*self.order, *(last + field for field in implied))

    def cursor(self) -> Iterable[tuple[str, bool, Scalar]]:
        """The order's fields with their direction (descending?) and where `after` stands there."""
        if self.after is None:
            return
        for entry in self.ordering:
            value = self.after.data[_name(entry)]
            if isinstance(value, (list, dict)):
                raise InvalidInput(f"{entry} cannot be ordered by: it holds a list or a map.")
            yield _name(entry), direction(entry), value


def _name(entry: str) -> str:
    return entry.removeprefix("-")


def direction(entry: str) -> bool:
    """Whether an order's entry is descending."""
    return entry.startswith("-")
