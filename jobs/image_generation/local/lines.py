"""Words in lines: as large as there is room for, and of about the same length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.media import font
from common.media.words import Word, excerpt, split

if TYPE_CHECKING:
    from jobs.image_generation.local.canvas import Canvas

__all__ = ["LEADING", "Block", "fitted"]

LEADING = 1.16
_LARGEST, _SMALLEST = 0.1, 0.034
"""Sizes of type, of the shorter side."""
_ROOM = 0.34
"""Of the height, that words may take."""
_SPACE = font.width(" ")
_TITLE = 220
"""Letters: what is longer is cut with an ellipsis, as it is no title any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Words in lines."""

    size: float
    """Of the type, in pixels."""
    lines: list[str]


def fitted(text: str, room: float, canvas: Canvas) -> Block:
    """The largest type in which all words find room; of the smallest as many as do."""
    words = excerpt(split(text), _TITLE)
    size, most = _LARGEST * canvas.short, _ROOM * canvas.height
    smallest = _SMALLEST * canvas.short
    # Wide lines are hard to read: no more than about 46 letters.
    while size > smallest:
        lines = _wrapped(words, min(room / size, 24))
        if len(lines) * LEADING * size <= most and _longest(words) * size <= room:
            return Block(size=size, lines=_even(words, min(room / size, 24), len(lines)))
        size *= 0.95
    letters = _TITLE
    while letters > 10:
        shown = excerpt(words, letters)
        lines = _wrapped(shown, room / smallest)
        if len(lines) * LEADING * smallest <= most:
            return Block(size=smallest, lines=lines)
        letters = round(letters * 0.9)
    return Block(size=smallest, lines=lines[:1])


def _longest(words: list[Word]) -> float:
    return max(font.width(word.text) for word in words)


def _even(words: list[Word], room: float, count: int) -> list[str]:
    """In as many lines, of about the same length: none with a single short word at the end."""
    low, high = 0.0, room
    for _ in range(10):
        middle = (low + high) / 2
        if middle >= _longest(words) and len(_wrapped(words, middle)) <= count:
            high = middle
        else:
            low = middle
    return _wrapped(words, high)


def _wrapped(words: list[Word], room: float) -> list[str]:
    """Lines that are at most so many ems wide."""
    lines: list[str] = []
    left = -1.0
    for word in words:
        need = font.width(word.text)
        gap = _SPACE if word.spaced else 0.0
        if not lines or left < gap + need:
            lines.append(word.text)
            left = room - need
        else:
            lines[-1] += " " * word.spaced + word.text
            left -= gap + need
    return lines
