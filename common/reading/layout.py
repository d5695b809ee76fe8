"""Words that stand somewhere on a page, as lines that one can read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from common.reading.document import Line, Word

__all__ = ["is_rtl", "lines_of"]

GAP = 1.0
"""How wide the space within a line may be, in heights of its words."""
OVERLAP = 0.5
"""How much of the lower one's height words beside each other share at least."""
RTL = {"R", "AL"}


def lines_of(
    words: Iterable[Word],
    *,
    gap: float = GAP,
    mend: Callable[[Sequence[Word]], Sequence[Word]] = lambda row: row,
) -> tuple[Line, ...]:
    """The words as lines, row by row from the top; `gap` is the widest within a line, and `mend`
    makes better words of those of a row."""
    rows = sorted((mended for row in _rows(words) if (mended := mend(row))), key=_middle)
    return tuple(line for row in rows for line in _split(row, gap))


def is_rtl(text: str) -> bool:
    """Whether most letters are of a script that is written from right to left."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    right = sum(kind in RTL for kind in kinds)
    return right > kinds.count("L")


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """From left to right each word goes to the row whose end it stands beside, so that rows may
    rise or fall a little, as they do in a scan."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.left):
        best = max(rows, key=lambda row: _shared(row[-1], word), default=None)
        if best and _shared(best[-1], word) >= OVERLAP:
            best.append(word)
        else:
            rows.append([word])
    return rows


def _shared(first: Word, second: Word) -> float:
    one, other = first.box, second.box
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    return shared / lower if lower > 0 else 0.0


def _middle(row: Sequence[Word]) -> float:
    return median((word.box.top + word.box.bottom) / 2 for word in row)


def _split(row: Sequence[Word], gap: float) -> Iterable[Line]:
    widest = gap * median(word.box.bottom - word.box.top for word in row)
    begin, end = 0, row[0].box.right
    for index, word in enumerate(row):
        if word.box.left - end > widest:
            yield _line(row[begin:index])
            begin = index
        end = max(end, word.box.right)
    yield _line(row[begin:])


def _line(words: Sequence[Word]) -> Line:
    if not is_rtl("".join(word.text for word in words)):
        return Line(tuple(words))
    return Line(tuple(_from_right(words)))


def _from_right(words: Sequence[Word]) -> Iterable[Word]:
    """From right to left, but for what in between is written from left to right."""
    held: list[Word] = []
    for word in reversed(words):
        if any(unicodedata.bidirectional(char) in RTL for char in word.text):
            yield from reversed(held)
            held.clear()
            yield word
        else:
            held.append(word)
    yield from reversed(held)
