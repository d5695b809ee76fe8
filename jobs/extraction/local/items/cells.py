"""Which column of a table what stands below its header belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from common.reading.document import Line, Word
from jobs.extraction.local.items.header import OTHER, Column, Header
from jobs.extraction.local.values.numbers import numbers
from jobs.extraction.local.view import Segment

__all__ = ["Cells", "cells_of", "text_of"]

Cells = dict[str, list[Segment]]
"""By column, from left to right."""
TEXTUAL = frozenset({"item.description", "item.sku", "item.unit"})
APART = 3.0
"""Heights by which something may stand off a column and still be of it."""
WIDE = 10.0
"""Heights that the last column may go on beyond its header."""


def cells_of(row: Sequence[Segment], header: Header) -> Cells:
    """The segments of a row by column."""
    cells: Cells = {}
    for segment in row:
        for part in _parts(segment, header):
            column = _column(part, header)
            if column is not None and column.concept != OTHER:
                cells.setdefault(column.concept, []).append(part)
    return cells


def text_of(cell: Sequence[Segment]) -> str:
    """What stands in a cell."""
    return " ".join(segment.text for segment in cell)


def _parts(segment: Segment, header: Header) -> list[Segment]:
    """A segment over several columns by words, where readers did not see the gap."""
    over = [one for one in header.columns if _shared(one, segment.box.left, segment.box.right) > 0]
    if len(over) < 2 or len(segment.line.words) < 2:
        return [segment]
    groups: list[tuple[Column | None, list[Word]]] = []
    for word in segment.line.words:
        column = _of_word(word, over)
        if groups and groups[-1][0] is column:
            groups[-1][1].append(word)
        else:
            groups.append((column, [word]))
    if not all(_is_cell(column, words) for column, words in groups) or _cuts(segment, groups):
        return [segment]
    return [
        Segment(Line(tuple(words)), segment.page, segment.row, segment.place) for _, words in groups
    ]


def _cuts(segment: Segment, groups: list[tuple[Column | None, list[Word]]]) -> bool:
    """Whether a number that is written with spaces, such as 1 234,50, would come apart."""
    edges, at = [], 0
    for _, words in groups[:-1]:
        at += sum(len(word.text) + 1 for word in words)
        edges.append(at - 1)
    spans = [(one.start, one.end) for one in numbers(segment.text)]
    return any(start < edge < end for edge in edges for start, end in spans)


def _is_cell(column: Column | None, words: list[Word]) -> bool:
    """Text may go on under the next column's header: only numbers are cut off there."""
    if column is None or column.concept in TEXTUAL:
        return True
    return any(character.isdigit() for word in words for character in word.text)


def _of_word(word: Word, columns: Sequence[Column]) -> Column:
    middle = (word.box.left + word.box.right) / 2
    for one, other in pairwise(columns):
        edge = other.left if one.concept in TEXTUAL else (one.right + other.left) / 2
        if middle < edge:
            return one
    return columns[-1]


def _column(segment: Segment, header: Header) -> Column | None:
    """The column that it is best aligned with."""
    left, right = segment.box.left, segment.box.right
    numeric = _is_numeric(segment.text)
    if numeric and (under := _under_left(segment, header)):
        return under
    best, least = None, 1e9
    for column in header.columns:
        away = _away(column, left, right, numeric=numeric)
        if away < least:
            best, least = column, away
    return (
        best
        if least < APART * segment.height or len(header.columns) < 3 or best is None
        else (best if best.concept in TEXTUAL and not numeric else None)
    )


def _under_left(segment: Segment, header: Header) -> Column | None:
    """The column of a number that is set to the right, where the headers are set to the left."""
    left, right, height = segment.box.left, segment.box.right, segment.height
    ends = [*(one.left for one in header.columns[1:]), header.columns[-1].right + WIDE * height]
    for one, end in zip(header.columns, ends, strict=True):
        if one.left <= left and one.right + height < right <= end:
            return None if one.concept in TEXTUAL or one.concept == OTHER else one
    return None


def _away(column: Column, left: float, right: float, *, numeric: bool) -> float:
    middle = abs(column.left + column.right - left - right) / 2
    edge = abs(column.right - right) if numeric else abs(column.left - left)
    aligned = min(edge, middle, abs(column.left - left) + 2)
    if _shared(column, left, right) > 0:
        aligned *= 0.5
    if column.concept in TEXTUAL and numeric:
        aligned += 8
    elif column.concept not in TEXTUAL and column.concept != OTHER and not numeric:
        aligned += 12
    return aligned


def _shared(column: Column, left: float, right: float) -> float:
    return min(column.right, right) - max(column.left, left)


def _is_numeric(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    letters = sum(character.isalpha() for character in text)
    return digits > 0 and letters <= digits + 3
