"""The row above a table that says what its columns are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.extraction.local.book import Book
from jobs.extraction.local.hits import Hit, within
from jobs.extraction.local.view import Segment, Sheet

__all__ = ["Column", "Header", "headers"]

OTHER = "?"
"""A column that is not asked for; it takes up its place."""
COVERED = 0.5
"""Share of a header's words that are labels, at least."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in it, and from where to where its header goes."""

    concept: str
    left: float
    right: float


@dataclass(frozen=True, kw_only=True)
class Header:
    """The columns from left to right, and below which row of its page they are."""

    page: int
    row: int
    columns: tuple[Column, ...]
    bottom: float
    height: float

    @property
    def concepts(self) -> frozenset[str]:
        return frozenset(column.concept for column in self.columns) - {OTHER}

    @property
    def worth(self) -> float:
        """How much it looks like the header of the items."""
        wanted = self.concepts
        worth = float(len(wanted))
        worth += 1.5 * ("item.description" in wanted) + ("item.amount" in wanted)
        return worth + 0.5 * ("item.quantity" in wanted) + 0.5 * ("item.unit_price" in wanted)


def headers(sheet: Sheet, book: Book) -> Iterator[Header]:
    """Rows of a page that are headers, together with those close by that they go on in."""
    for number, row in enumerate(sheet.rows[:2000]):
        found = _header(row, book)
        if found is None:
            continue
        above = sheet.rows[number - 1] if number else ()
        below = sheet.rows[number + 1] if number + 1 < len(sheet.rows) else ()
        wrapped = _wrapped(row, above, below, book, found)
        last = below if wrapped and _is_close(row, below) else row
        yield Header(
            page=sheet.page.number,
            row=number + (last is below),
            columns=wrapped or found,
            bottom=max(segment.box.bottom for segment in last),
            height=row[0].height,
        )


def _header(row: Sequence[Segment], book: Book) -> tuple[Column, ...] | None:
    """Its columns, if most of the row's words are labels of different ones."""
    if sum(len(segment.tokens) for segment in row) > LONGEST:
        return None
    columns: list[Column] = []
    words = covered = 0
    for segment in row:
        hits = list(within(segment, book))
        words += max(1, len(segment.tokens))
        covered += sum(len(hit.phrase) for hit in hits)
        columns += _columns(segment, hits)
    named = _assigned(columns, [list(column.concept.split("|")) for column in columns])
    if len(_concepts(named)) < 2 or covered < COVERED * words or _has_cents(row):
        return None
    return tuple(sorted(named, key=lambda column: column.left))


def _columns(segment: Segment, hits: list[Hit]) -> Iterator[Column]:
    if not hits:
        yield Column(OTHER, segment.box.left, segment.box.right)
    if len(hits) == 1:  # "Unit price in EUR" is one column
        yield Column("|".join(hits[0].concepts), segment.box.left, segment.box.right)
        return
    for hit in hits:
        left, right = segment.left_of(hit.start), segment.left_of(hit.end)
        yield Column("|".join(hit.concepts), left, right)


def _assigned(columns: list[Column], meanings: list[list[str]]) -> list[Column]:
    """Each column one meaning, and each meaning one column: the clearest first."""
    taken: set[str] = set()
    named: dict[int, str] = {}
    order = sorted(range(len(columns)), key=lambda place: (len(meanings[place]), -place))
    for place in order:
        free = [one for one in meanings[place] if one not in taken]
        named[place] = free[0] if free else OTHER
        taken.add(named[place])
    return [Column(named[place], column.left, column.right) for place, column in enumerate(columns)]


def _wrapped(
    row: Sequence[Segment],
    above: Sequence[Segment],
    below: Sequence[Segment],
    book: Book,
    found: Sequence[Column],
) -> tuple[Column, ...] | None:
    """With the rows close by, where labels go on in them: `Unit` above `price`. Where they have
    none, and less is known with them than by `found`, the row alone, they are something else."""
    stacks: list[list[Segment]] = [[segment] for segment in row]
    lower = below if _is_close(row, below) else ()
    upper = above if _is_close(above, row) else ()
    for segment, first in [*((one, True) for one in upper), *((one, False) for one in lower)]:
        near = [stack for stack in stacks if any(_above(one, segment) for one in stack)]
        if not near:
            stacks.append([segment])
        elif first:
            near[0].insert(0, segment)
        else:
            near[0].append(segment)
    if len(stacks) == len(row) and all(len(stack) == 1 for stack in stacks):
        return None
    columns = [column for stack in stacks for column in _stacked(stack, book)]
    named = _assigned(columns, [column.concept.split("|") for column in columns])
    labelled = any(True for one in (*upper, *lower) for _ in within(one, book))
    if len(_concepts(named)) < (2 if labelled else max(2, len(_concepts(found)))):
        return None
    return tuple(sorted(named, key=lambda column: column.left))


def _concepts(columns: Sequence[Column]) -> set[str]:
    return {column.concept for column in columns} - {OTHER}


def _is_close(one: Sequence[Segment], other: Sequence[Segment]) -> bool:
    """Whether two rows are lines of one, and the other has no values."""
    if not one or not other or _has_digits(one) or _has_digits(other):
        return False
    gap = min(segment.box.top for segment in other) - max(segment.box.bottom for segment in one)
    return (
        gap < 0.6 * one[0].height
        and sum(len(segment.tokens) for segment in (*one, *other)) < LONGEST
    )


def _above(one: Segment, other: Segment) -> bool:
    return one.box.left < other.box.right and other.box.left < one.box.right


def _stacked(stack: list[Segment], book: Book) -> list[Column]:
    if len(stack) == 1:
        return list(_columns(stack[0], list(within(stack[0], book))))
    left, right = min(one.box.left for one in stack), max(one.box.right for one in stack)
    words = [book.spelling.right(token.text) for segment in stack for token in segment.tokens]
    for start in range(len(words)):
        length, meanings = book.longest_at(words, start)
        if length:
            return [Column("|".join(meaning.concept for meaning in meanings), left, right)]
    return [Column(OTHER, left, right)]


def _has_cents(row: Sequence[Segment]) -> bool:
    return any(
        token[-3:-2] in {",", "."} and token[-2:].isdigit()
        for segment in row
        for token in segment.text.split()
    )


def _has_digits(row: Sequence[Segment]) -> bool:
    return any(character.isdigit() for segment in row for character in segment.text)
