"""Which columns there are: of all schemas that results were made by, in the order of sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["Column", "Layout", "Sheet"]

_BEFORE = ("document", "source")
_AFTER = ("pages", "provider", "missing", "warnings")
_FAILED = ("document", "source", "state", "error", "run")


@dataclass(slots=True)
class Column:
    """A field, as a column or, where it is rows, as a sheet of its own."""

    name: str
    kind: str
    columns: dict[str, Column] = field(default_factory=dict)

    def learn(self, outline: Mapping[str, Any]) -> None:
        """Take in what another schema says of it."""
        if self.kind != outline["type"]:
            self.kind = "text"
        _learn(self.columns, outline.get("fields", ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Lines of one kind."""

    name: str
    headers: tuple[str, ...]


class Layout:
    """The sheets and their columns."""

    def __init__(self, *, confidences: bool) -> None:
        self.confidences = confidences
        self._outlines: dict[str, str] = {}

    def learn(self, document: Mapping[str, Any]) -> None:
        """Take in the schema of a document's result; all of them before anything is asked for."""
        if result := document["result"]:
            outline = json.dumps(result["schema_outline"]["fields"])
            first = self._outlines.get(outline, document["source"])
            self._outlines[outline] = min(first, document["source"])

    @cached_property
    def _columns(self) -> dict[str, Column]:
        """By name; whichever order the documents came in, that of their sources counts."""
        columns: dict[str, Column] = {}
        for _, outline in sorted((source, outline) for outline, source in self._outlines.items()):
            _learn(columns, json.loads(outline))
        return columns

    @property
    def columns(self) -> list[Column]:
        """The fields that are one value."""
        return [each for each in self._columns.values() if each.kind != "rows"]

    @property
    def tables(self) -> list[Column]:
        """The fields that are rows."""
        return [each for each in self._columns.values() if each.kind == "rows"]

    def sheets(self) -> list[Sheet]:
        """The documents, each field of rows, and what failed; by names that are each there once."""
        headers = [
            _unique([*_BEFORE, *self._headers(self.columns), *_AFTER]),
            *(
                _unique([*_BEFORE, "row", *self._headers(each.columns.values())])
                for each in self.tables
            ),
            _FAILED,
        ]
        first, last, *others = _unique(["documents", "failed", *(it.name for it in self.tables)])
        names = [first, *others, last]
        return [Sheet(name=n, headers=tuple(h)) for n, h in zip(names, headers, strict=True)]

    def _headers(self, columns: Iterable[Column]) -> Iterator[str]:
        for column in columns:
            yield column.name
            if column.kind == "money":
                yield f"{column.name}_currency"
            if self.confidences:
                yield f"{column.name}_confidence"


def _learn(columns: dict[str, Column], outlines: Iterable[Mapping[str, Any]]) -> None:
    for outline in outlines:
        known = columns.setdefault(outline["name"], Column(outline["name"], outline["type"]))
        known.learn(outline)


def _unique(names: Iterable[str]) -> list[str]:
    """Each name once, whatever its case: a field may be called like a column of ours."""
    found: list[str] = []
    seen: set[str] = set()
    for name in names:
        number, free = 1, name
        while free.casefold() in seen:
            number += 1
            free = f"{name}_{number}"
        seen.add(free.casefold())
        found.append(free)
    return found
