"""A document as it is searched: segments of words, their tokens, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from common.reading.document import Box, Document, Line, Page
from jobs.extraction.local.text import tokens
from jobs.extraction.local.values.numbers import LONGEST

__all__ = ["CODE", "Sheet", "Segment", "Token", "View"]

MOST_WORDS = 400
"""Of a line: what is longer is prose or a dump, and its beginning has to do."""
# Where one word is a label and its value: Date:12.03.2026, No.17, #17.
ASIDE = re.compile(r"\(\d{1,4}\)")
CODE = re.compile(r"[A-Z]{1,6}[-/]\d+")
"""A number with letters before it, as invoices and orders have."""
JOINT = re.compile(r"(?<=[:=#\u00b0\u00ba])(?=[^\s:=#/])|(?<=[A-Za-z]\.)(?=\d)")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a segment, and the piece of its text that it is of."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Segment:
    """Words beside each other without a wide gap."""

    line: Line
    page: int
    row: int
    place: int
    """Which one it is of its row."""

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.line.words[:MOST_WORDS])[:LONGEST]

    @cached_property
    def box(self) -> Box:
        return self.line.box

    @cached_property
    def height(self) -> float:
        return max(1.0, self.box.bottom - self.box.top)

    @cached_property
    def certainty(self) -> float:
        words = self.line.words[:MOST_WORDS]
        return sum(word.certainty for word in words) / max(1, len(words))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(self._tokens())

    def _tokens(self) -> Iterator[Token]:
        start = 0
        for word in self.line.words[:MOST_WORDS]:
            at = start
            aside = len(word.text) >= 200 or ASIDE.fullmatch(word.text)
            for piece in () if aside else JOINT.split(word.text):
                if _is_value(piece):
                    yield Token(piece, at, at + len(piece))
                else:
                    for token in tokens(piece):
                        yield Token(token, at, at + len(piece))
                at += len(piece)
            start += len(word.text) + 1

    def left_of(self, position: int) -> float:
        """Where on the page the character at a position of the text stands, about."""
        start = 0
        for word in self.line.words[:MOST_WORDS]:
            if position <= start + len(word.text):
                width = word.box.right - word.box.left
                share = max(0, position - start) / max(1, len(word.text))
                return word.box.left + width * share
            start += len(word.text) + 1
        return self.box.right


def _is_value(piece: str) -> bool:
    """Whether it is no label, whatever it begins with: INV-7 is a number."""
    return sum(map(str.isdigit, piece)) >= 4 or bool(CODE.fullmatch(piece))


@dataclass(frozen=True)
class Sheet:
    """One page."""

    page: Page
    rows: tuple[tuple[Segment, ...], ...]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(segment for row in self.rows for segment in row)

    def below(self, segment: Segment, *, most: int = 6) -> Iterator[Segment]:
        """Segments of the next rows, from the nearest."""
        for row in self.rows[segment.row + 1 : segment.row + 1 + most]:
            yield from row


@dataclass(frozen=True)
class View:
    """The whole document."""

    document: Document
    sheets: tuple[Sheet, ...] = field(default=())

    @classmethod
    def of(cls, document: Document) -> View:
        """It as it is searched."""
        return cls(document, tuple(_sheet(page) for page in document.pages))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(segment for sheet in self.sheets for segment in sheet.segments)

    def row_of(self, segment: Segment) -> tuple[Segment, ...]:
        return self.sheet_of(segment).rows[segment.row]

    def sheet_of(self, segment: Segment) -> Sheet:
        return self._by_number[segment.page]

    @cached_property
    def _by_number(self) -> dict[int, Sheet]:
        return {sheet.page.number: sheet for sheet in self.sheets}


def _sheet(page: Page) -> Sheet:
    rows = ([line for line in row if line.words] for row in page.rows)
    return Sheet(
        page,
        tuple(
            tuple(
                Segment(line, page.number, number, place)
                for place, line in enumerate(sorted(row, key=lambda line: line.box.left))
            )
            for number, row in enumerate(row for row in rows if row)
        ),
    )
