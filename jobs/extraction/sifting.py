"""What a provider found, held to the schema: nothing else gets into a result."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jobs.extraction.found import Findings, Found
from jobs.extraction.schema import Field, Kind, Schema
from jobs.extraction.values import BadValue, checked, printable

__all__ = ["sifted"]

_MOST_ROWS = 10_000
_TEXT = 1_000
"""Characters of what stands in the document."""


def sifted(schema: Schema, findings: Findings, warn: list[str]) -> dict[str, Found]:
    """The findings that are of their field's kind, in the schema's order; what is wrong with the
    others is added to the warnings."""
    kept = {}
    for field in schema.fields:
        found = findings.get(field.name)
        if found is not None and (good := _good(field, found, warn)) is not None:
            kept[field.name] = good
    return kept


def _good(field: Field, found: Found, warn: list[str], where: str = "") -> Found | None:
    name = f"{where}{field.name}"
    try:
        if field.kind is Kind.ROWS:
            return _rows(field, found, warn)
        value = checked(field, found.value)
    except BadValue as error:
        warn.append(f"What was found for {name} was left out: {error}.")
        return None
    return _plain(replace(found, value=value))


def _rows(field: Field, found: Found, warn: list[str]) -> Found | None:
    rows = found.rows or _without_findings(found)
    good = [_row(field, row, warn, number) for number, row in enumerate(rows[:_MOST_ROWS], start=1)]
    if len(rows) > _MOST_ROWS:
        warn.append(f"Of {field.name} only the first {_MOST_ROWS:,} rows were taken.")
    kept = tuple(row for row in good if row)
    if not kept:
        return None
    values = [{name: cell.value for name, cell in row.items()} for row in kept]
    return _plain(replace(found, value=values, rows=kept))


def _row(field: Field, row: Mapping[str, Found], warn: list[str], number: int) -> dict[str, Found]:
    cells = {}
    for column in field.fields:
        cell = row.get(column.name)
        if cell is not None and cell.value is not None:
            good = _good(column, cell, warn, f"{field.name}, row {number}, ")
            if good is not None:
                cells[column.name] = good
    return cells


def _without_findings(found: Found) -> Sequence[Mapping[str, Found]]:
    """Rows of which only the values are known: each is as sure as all of them."""
    if not isinstance(found.value, list):
        raise BadValue("it must be a list of objects")

    def cell(value: Any) -> Found:
        return Found(value=value, confidence=found.confidence, page=found.page)

    return [
        {name: cell(value) for name, value in row.items()}
        for row in found.value
        if isinstance(row, Mapping)
    ]


def _plain(found: Found) -> Found:
    confidence = found.confidence if math.isfinite(found.confidence) else 0.0
    text = printable(found.text)
    return replace(found, confidence=round(min(1.0, max(0.0, confidence)), 3), text=text[:_TEXT])
