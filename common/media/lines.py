"""Words in lines of even length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.media import font
from common.media.words import Word, split

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["wrapped"]

SMALLER = 0.92
SMALLEST = 0.4


def wrapped(text: str, room: float, *, most: int) -> tuple[list[str], float]:
    """`text` in at most so many lines of `room` ems, and how much smaller it has to be for that.

    Lines are of about the same length. What does not fit at the smallest size is cut.
    """
    words, scale = split(text), 1.0
    while scale > SMALLEST and not _fits(_lines(words, room / scale), room / scale, most):
        scale *= SMALLER
    lines = _even(words, room / scale)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return lines, scale


def _fits(lines: Sequence[str], room: float, most: int) -> bool:
    return len(lines) <= most and all(font.width(line) <= room for line in lines)


def _even(words: Sequence[Word], room: float) -> list[str]:
    """In the narrowest column that takes no more lines."""
    count, low, high = len(_lines(words, room)), 0.0, room
    for _ in range(12):
        middle = (low + high) / 2
        fits = _fits(_lines(words, middle), middle, count)
        low, high = (low, middle) if fits else (middle, high)
    return _lines(words, high)


def _lines(words: Sequence[Word], room: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = lines[-1] + " " * word.spaced + word.text if lines else ""
        if lines and font.width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word.text)
    return lines
