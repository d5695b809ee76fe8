"""A document as lines of the sheets: typed cells, in the order of the headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobs.extraction_table.layout import Column, Layout

__all__ = ["Cell", "lines"]

Cell = str | int | float | bool | date | None


def lines(document: Mapping[str, Any], layout: Layout) -> Iterator[tuple[int, list[Cell]]]:
    """Each line, with the number of the sheet that it is of."""
    result = document["result"]
    if result is None:
        last = len(layout.tables) + 1
        yield last, [document[key] for key in ("name", "source", "state", "error", "run")]
        return
    fields = result["fields"]
    before: list[Cell] = [document["name"], document["source"]]
    after: list[Cell] = [
        result["pages"],
        result["provider"],
        ", ".join(result["missing"]),
        " ".join(result["warnings"]),
    ]
    yield 0, [*before, *_cells(layout.columns, fields, layout), *after]
    for number, table in enumerate(layout.tables, start=1):
        for count, row in enumerate(_rows(fields.get(table.name)), start=1):
            yield number, [*before, count, *_cells(table.columns.values(), row, layout)]


def _rows(found: Mapping[str, Any] | None) -> Iterable[Mapping[str, Any]]:
    return (found or {}).get("rows") or ()


def _cells(columns: Iterable[Column], fields: Mapping[str, Any], layout: Layout) -> Iterator[Cell]:
    for column in columns:
        found = fields.get(column.name) or {}
        value = found.get("value")
        if column.kind == "money":
            money = value if isinstance(value, dict) else {}
            yield money.get("amount")
            yield money.get("currency")
        else:
            yield _cell(value, column.kind)
        if layout.confidences:
            yield found.get("confidence")


def _cell(value: Any, kind: str) -> Cell:
    if kind == "date" and isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    if isinstance(value, dict) and "amount" in value:  # where it is a text by another schema
        return f"{value['amount']} {value.get('currency') or ''}".strip()
    return value if isinstance(value, (str, int, float)) else None
