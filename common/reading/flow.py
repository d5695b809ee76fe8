"""Sets text that has no places of its own, as a typewriter would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from common.reading.clean import clean
from common.reading.document import Box, Line, Page, Table, Word

__all__ = ["Flow"]

WIDTH, HEIGHT = 6.0, 12.0
TAB = 8
MARGIN = 36.0
BETWEEN = 3
"""Characters left free between two columns of a table."""
WIDEST = 60
"""Characters of a table's column; what is longer shifts nothing but its own end."""
A4 = 595.0
LINE = re.compile(r".+|\n(?=\n)")
SPACES = re.compile(r"\s{2,}")


class Flow:
    """A page that grows downwards."""

    def __init__(self, name: str = "", *, most: int = 1_000_000) -> None:
        self._name = name
        self._left = most + 1
        self._row = 0
        self._widest = 0
        self._lines: list[Line] = []
        self._tables: list[Table] = []

    @property
    def is_full(self) -> bool:
        """Whether it has more words than it may: what comes after them is not set."""
        return self._left <= 0

    def text(self, text: str) -> None:
        """Set a text: its lines below each other, what is apart by tabs or spaces apart."""
        for found in LINE.finditer(text):
            if self.is_full:
                return
            self._line(_untabbed(clean(found.group())), 0, self._row)
            self._row += 1

    def table(self, rows: Iterable[Sequence[str]], name: str = "") -> None:
        """Set a table, and keep it as one."""
        cells = [row for row in self._cells(rows) if any(row)]
        if not cells:
            return
        self._tables.append(Table(tuple(cells), name))
        starts = _starts(cells)
        for row in cells:
            for start, cell in zip(starts, row, strict=False):
                self._cell(cell, start)
            self._row += max(cell.count("\n") + 1 for cell in row)

    def page(self) -> Page:
        """What was set."""
        width = max(A4, self._widest * WIDTH + 2 * MARGIN)
        height = self._row * HEIGHT + 2 * MARGIN
        lines = tuple(sorted(self._lines, key=lambda line: (line.box.top, line.box.left)))
        return Page(1, width, height, lines, tuple(self._tables), self._name)

    def _cells(self, rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, ...]]:
        room = self._left
        for row in rows:
            if (room := room - len(row)) < 0:
                return
            yield tuple(clean(cell).strip() for cell in row)

    def _cell(self, cell: str, start: int) -> None:
        for offset, line in enumerate(cell.split("\n")):
            self._line(" ".join(line.split()), start, self._row + offset)

    def _line(self, text: str, start: int, row: int) -> None:
        at = 0
        for gap in (*SPACES.finditer(text), None):
            end = gap.start() if gap else len(text)
            if words := [*islice(_words(text[at:end], start + at, row), max(0, self._left))]:
                self._lines.append(Line(tuple(words)))
                self._left -= len(words)
            at = gap.end() if gap else end
        self._widest = max(self._widest, start + len(text))


def _words(text: str, start: int, row: int) -> Iterable[Word]:
    top = MARGIN + row * HEIGHT
    for found in re.finditer(r"\S+", text):
        left, right = (MARGIN + (start + at) * WIDTH for at in found.span())
        yield Word(found.group(), Box(left, top, right, top + HEIGHT))


def _untabbed(line: str) -> str:
    """With spaces for tabs, two at least, so that what is parted by a tab stays apart."""
    if "\t" not in line:
        return line
    first, *others = line.split("\t")
    pieces, at = [first], len(first)
    for other in others:
        spaces = TAB - at % TAB
        spaces += TAB if spaces == 1 else 0
        pieces += [" " * spaces, other]
        at += spaces + len(other)
    return "".join(pieces)


def _starts(rows: Sequence[Sequence[str]]) -> list[int]:
    starts, at = [], 0
    for column in range(max(map(len, rows))):
        starts.append(at)
        cells = (row[column] for row in rows if column < len(row))
        longest = max(len(line) for cell in cells for line in cell.split("\n"))
        at += min(longest, WIDEST) + BETWEEN
    return starts
