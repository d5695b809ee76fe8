"""What the process that reads says to the one that asked: a JSON array a line, never a pickle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from common.reading.document import Box, Line, Page, Table, Word

__all__ = ["packed", "said", "spoken", "unpacked"]

Said = tuple[str, tuple[Any, ...]]


def spoken(kind: str, *what: Any) -> bytes:
    """A message, such as ("warning", "The page …"), as a line."""
    return json.dumps([kind, *what], separators=(",", ":"), allow_nan=False).encode() + b"\n"


def said(line: bytes) -> Said:
    """The message of a line."""
    kind, *what = json.loads(line)
    return str(kind), tuple(what)


def packed(page: Page) -> list[Any]:
    """A page as JSON, to hundredths of a point."""
    lines = [[_packed_word(word) for word in line.words] for line in page.lines]
    tables = [[table.name, table.rows] for table in page.tables]
    size = [round(page.width, 2), round(page.height, 2)]
    return [page.number, *size, page.name, lines, tables]


def unpacked(page: list[Any]) -> Page:
    """The page that was packed; anything else raises ValueError or TypeError."""
    number, width, height, name, lines, tables = page
    return Page(
        number=int(number),
        width=float(width),
        height=float(height),
        name=str(name),
        lines=tuple(Line(tuple(_words(words))) for words in lines),
        tables=tuple(_table(*table) for table in tables),
    )


def _packed_word(word: Word) -> list[Any]:
    box = word.box
    sides = (box.left, box.top, box.right, box.bottom)
    return [word.text, *(round(side, 2) for side in sides), round(word.certainty, 3)]


def _words(words: Iterable[list[Any]]) -> Iterable[Word]:
    for text, left, top, right, bottom, certainty in words:
        yield Word(str(text), Box(left, top, right, bottom), certainty)


def _table(name: str, rows: list[list[str]]) -> Table:
    return Table(tuple(tuple(map(str, row)) for row in rows), str(name))
