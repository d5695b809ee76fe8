"""Receipts of ICDAR 2019's competition SROIE: pictures, what stands where in them as people read
it, and four fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.extraction.sample import Sample
from common.reading.document import Box, Document, Line, Page, Word

__all__ = ["document", "samples"]

DEV = 250
"""The first so many were looked at while the provider was made, the others never."""


def samples(folder: Path) -> Iterator[Sample]:
    """All below `data` of a repository that has them as CSV of boxes and JSON of keys."""
    for place, file in enumerate(sorted((folder / "data" / "box").glob("*.csv"))):
        key = folder / "data" / "key" / f"{file.stem}.json"
        truth = _truth(json.loads(key.read_text()))
        part = "dev" if place < DEV else "test"
        yield Sample(
            name=file.name, file=file, schema="receipt", truth=truth, part=part, group="sroie"
        )


def _truth(data: dict[str, str]) -> dict[str, Any]:
    from benchmarks.extraction.days import iso

    truth: dict[str, Any] = {
        "merchant_name": data.get("company") or None,
        "merchant_address": data.get("address") or None,
        "date": iso(data.get("date", "")),
    }
    total = data.get("total", "").replace("RM", "").replace("$", "").replace(",", "").strip()
    try:
        truth["total"] = float(total)
    except ValueError:
        truth["total"] = None
    return {name: value for name, value in truth.items() if value is not None}


def document(file: Path) -> Document:
    """Of the boxes that people drew: what a perfect reader of pictures would give."""
    lines = [
        _line(row) for row in file.read_text(errors="replace").splitlines() if row.count(",") >= 8
    ]
    lines = sorted((line for line in lines if line.words), key=lambda line: line.box.top)
    width = max((line.box.right for line in lines), default=1.0)
    height = max((line.box.bottom for line in lines), default=1.0)
    return Document(file.name, "image/jpeg", (Page(1, width, height, tuple(_in_rows(lines))),))


def _line(row: str) -> Line:
    *corners, text = row.split(",", 8)
    numbers = [float(corner) for corner in corners]
    left, right = min(numbers[0::2]), max(numbers[0::2])
    top, bottom = min(numbers[1::2]), max(numbers[1::2])
    each = (right - left) / max(1, len(text))
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        box = Box(left + at * each, top, left + (at + len(word)) * each, bottom)
        words.append(Word(word, box))
        at += len(word)
    return Line(tuple(words))


def _in_rows(lines: list[Line]) -> Iterator[Line]:
    """Row by row, as readers give them."""
    row: list[Line] = []
    for line in lines:
        middle = (line.box.top + line.box.bottom) / 2
        if row and middle > row[0].box.bottom:
            yield from sorted(row, key=lambda one: one.box.left)
            row = []
        row.append(line)
    yield from sorted(row, key=lambda one: one.box.left)
