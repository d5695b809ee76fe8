"""Documents by hand: rows of texts, each from some place on."""

from __future__ import annotations

from typing import Any

from common.reading.document import Box, Document, Line, Page, Word
from jobs.extraction.found import Findings
from jobs.extraction.local import extract
from jobs.extraction.schema import Field, Kind, Schema
from jobs.extraction.schemas import builtin

WIDTH, HEIGHT, PITCH = 5.0, 9.0, 13.0

Cell = tuple[float, str]


def line(x: float, y: float, text: str, certainty: float = 1.0) -> Line:
    words, at = [], x
    for word in text.split(" "):
        if word:
            box = Box(at, y, at + len(word) * WIDTH, y + HEIGHT)
            words.append(Word(word, box, certainty))
        at += (len(word) + 1) * WIDTH
    return Line(tuple(words))


def page(*rows: str | list[Cell] | None, number: int = 1, certainty: float = 1.0) -> Page:
    """A row is a text from the left, or texts with where each begins; None for an empty one."""
    lines: list[Line] = []
    for place, row in enumerate(rows):
        cells = [(50.0, row)] if isinstance(row, str) else row or []
        lines += [line(x, 40 + place * PITCH, text, certainty) for x, text in cells if text.strip()]
    return Page(number, 595, max(842.0, 40 + len(rows) * PITCH), tuple(lines))


def document(*rows: str | list[Cell] | None, certainty: float = 1.0) -> Document:
    return Document("paper", "text/plain", (page(*rows, certainty=certainty),))


def find(schema: Schema | str, *rows: str | list[Cell] | None, certainty: float = 1.0) -> Findings:
    wanted = builtin(schema) if isinstance(schema, str) else schema
    return extract(document(*rows, certainty=certainty), wanted)


def one(name: str, kind: Kind = Kind.TEXT, **more: Any) -> Schema:
    """A schema of one field."""
    return Schema(name="one", fields=(Field(name=name, kind=kind, **more),))


def value(findings: Findings, name: str) -> Any:
    """A field's value, None where it was not found; of money only the amount."""
    found = findings[name].value if name in findings else None
    return found["amount"] if isinstance(found, dict) else found
