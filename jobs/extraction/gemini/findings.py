"""Findings of an answer that has its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.reading.document import Document
from jobs.extraction.found import Found
from jobs.extraction.gemini.quotes import Quotes
from jobs.extraction.schema import Field, Kind, Schema

__all__ = ["findings"]


def findings(
    answer: Mapping[str, Any], schema: Schema, document: Document, warn: list[str]
) -> dict[str, Found]:
    """What was found, each as sure as the document's own text supports it."""
    quotes = Quotes(document)
    found = {}
    for field in schema.fields:
        if said := answer.get(field.name):
            rows = field.kind is Kind.ROWS
            found[field.name] = (
                _rows(field, said, quotes, warn) if rows else _found(field, said, quotes, warn)
            )
    return found


def _found(field: Field, said: Mapping[str, Any], quotes: Quotes, warn: list[str]) -> Found:
    return quotes.weighed(field, _said(said, said["value"]), warn)


def _rows(field: Field, said: list[Any], quotes: Quotes, warn: list[str]) -> Found:
    rows = tuple(_row(field, row, quotes, warn) for row in said)
    sure = [cell.confidence for row in rows for cell in row.values()]
    first = next((cell for row in rows for cell in row.values()), None)
    return Found(
        value=[{name: cell.value for name, cell in row.items()} for row in rows],
        confidence=sum(sure) / len(sure) if sure else 0.0,
        page=first.page if first else None,
        text=first.text if first else "",
        rows=rows,
    )


def _row(field: Field, row: Mapping[str, Any], quotes: Quotes, warn: list[str]) -> dict[str, Found]:
    """The cells; where they stand is said of the row as a whole."""
    told: list[str] = []
    cells = {
        column.name: quotes.weighed(column, _said(row, row["cells"][column.name]), told)
        for column in field.fields
        if row["cells"].get(column.name) is not None
    }
    if told:
        warn.append(f"What is quoted for a row of {field.name} does not stand in the document.")
    return cells


def _said(said: Mapping[str, Any], value: Any) -> Found:
    page = said["page"]
    return Found(
        value=value,
        confidence=said["confidence"],
        page=int(page) if page is not None and page >= 1 else None,
        text=said["quote"],
    )
