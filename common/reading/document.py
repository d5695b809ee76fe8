"""A document as it was read, whatever its format: words where they stand, and tables.

point: 1/72 inch, from the left and the top of the page as it stands when its text is level and
  upright, however it was scanned. Formats without places (text, sheets, web pages) are set in a
  type of which each character is 6 wide and 12 high.
line: words that stand beside each other with no more than a space between them, as one reads them.
  Where there is a wider gap, another line begins: a label and its value, two columns' shares of a
  row and two cells are lines each.
row: lines that stand beside each other, left to right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

__all__ = ["Box", "Document", "Line", "Page", "Table", "Word"]


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on its page, in points."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and where it stands."""

    text: str
    box: Box
    certainty: float = 1.0
    """How sure it is that it was read right, 0 to 1; below 1 where it was recognised in a
    picture."""


@dataclass(frozen=True)
class Line:
    """Words beside each other."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        """What all words take up."""
        boxes = [word.box for word in self.words]
        return Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table that the format itself says is one: of a sheet, a web page, a text document."""

    rows: tuple[tuple[str, ...], ...]
    name: str = ""
    """Of the sheet, where it has one."""


@dataclass(frozen=True)
class Page:
    """One page; formats without pages have a single one, and sheets one each."""

    number: int
    """1 for the first."""
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    """Row by row, from top to bottom; those of a table that is also in `tables` included."""
    tables: tuple[Table, ...] = ()
    name: str = ""
    """Of the sheet, or of the attachment that it is in."""

    @cached_property
    def rows(self) -> tuple[tuple[Line, ...], ...]:
        """The lines, those that stand beside each other together."""
        rows: list[list[Line]] = []
        for line in self.lines:
            if rows and _beside(rows[-1][-1].box, line.box):
                rows[-1].append(line)
            else:
                rows.append([line])
        return tuple(map(tuple, rows))

    @cached_property
    def text(self) -> str:
        """The rows, one below the other, with tabs between the lines of a row."""
        return "\n".join("\t".join(line.text for line in row) for row in self.rows)


@dataclass(frozen=True)
class Document:
    """What was read of one document."""

    name: str
    content_type: str
    """As its bytes say, not only its name."""
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()
    """What could not be read of it, in sentences."""

    @cached_property
    def text(self) -> str:
        """All pages' text."""
        return "\n\n".join(page.text for page in self.pages)


def _beside(first: Box, second: Box) -> bool:
    """Whether the second box is right of the first, at half the lower one's height or more."""
    shared = min(first.bottom, second.bottom) - max(first.top, second.top)
    lower = min(first.bottom - first.top, second.bottom - second.top)
    return second.left > first.left and shared >= lower / 2
