"""Where each word stands: pages a reader can keep up with, in lines of even length."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from common.media import font
from common.media.words import Word, effort

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Page", "Placed", "fit", "pages"]

PAGE = 96
"""About as many characters as one page takes in at a glance."""
LEADING = 1.22
SPACE = font.width(" ")
SENTENCE = re.compile("[.!?\u2026\u3002\uff01\uff1f]\\W*$")
PHRASE = re.compile("[,;:\u2013\u2014\u3001\uff0c]\\W*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A word, or a whole line of right-to-left text, by the pixel at its centre."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What is read at once."""

    placed: tuple[Placed, ...]
    top: float
    bottom: float
    effort: int


def pages(words: Sequence[Word]) -> list[list[Word]]:
    """`words` in pages of about the same effort, parted where a sentence or a phrase ends."""
    total = sum(map(effort, words))
    count = max(1, math.ceil(total / PAGE))
    read, reads = 0, []
    for word in words:
        read += effort(word)
        reads.append(read)
    cuts = [_cut(words, reads, total * part / count, total / count) for part in range(1, count)]
    bounds = [0, *sorted(set(cuts)), len(words)]
    return [list(words[a:b]) for a, b in pairwise(bounds) if a < b]


def fit(parts: Sequence[Sequence[Word]], width: int, height: int) -> tuple[float, list[Page]]:
    """The largest type, in pixels to the em, that sets every page in the frame; and the pages."""
    room_x, room_y = 0.82 * width, 0.5 * height
    size = min([0.19 * min(width, height), *(_size(part, room_x, room_y) for part in parts)])
    return size, [_page(part, size, width, height, room_x) for part in parts]


def _cut(words: Sequence[Word], reads: list[int], target: float, span: float) -> int:
    def miss(index: int) -> float:
        text = words[index].text
        bonus = 0.3 if SENTENCE.search(text) else 0.15 if PHRASE.search(text) else 0
        return abs(reads[index] - target) / span - bonus

    return min(range(len(words)), key=miss) + 1


def _size(part: Sequence[Word], room_x: float, room_y: float) -> float:
    size = min(room_y / LEADING, room_x / _widest(part))
    while size > 1 and len(_wrap(part, room_x / size)) * LEADING * size > room_y:
        size *= 0.96
    return size


def _widest(part: Sequence[Word]) -> float:
    # A lone combining mark has no width of its own.
    return max(SPACE, *(font.width(word.text) for word in part))


def _wrap(part: Sequence[Word], room: float) -> list[list[Word]]:
    lines: list[list[Word]] = []
    left = -1.0
    for word in part:
        need = font.width(word.text)
        gap = SPACE if word.spaced else 0.0
        if not lines or left < gap + need:
            lines.append([word])
            left = room - need
        else:
            lines[-1].append(word)
            left -= gap + need
    return lines


def _even(part: Sequence[Word], room: float) -> list[list[Word]]:
    # The narrowest column that takes no more lines: no last line with a single short word.
    count = len(_wrap(part, room))
    low, high = _widest(part), room
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_wrap(part, middle)) <= count else (middle, high)
    return _wrap(part, high + 1e-6)


def _page(part: Sequence[Word], size: float, width: int, height: int, room: float) -> Page:
    lines = _even(part, room / size)
    step = LEADING * size
    top = height / 2 - step * len(lines) / 2
    placed = [
        piece
        for row, line in enumerate(lines)
        for piece in _place(line, size, width / 2, top + step * (row + 0.5))
    ]
    read = sum(map(effort, part))
    return Page(placed=tuple(placed), top=top, bottom=top + step * len(lines), effort=read)


def _place(line: Sequence[Word], size: float, centre: float, y: float) -> list[Placed]:
    text = "".join(" " * word.spaced + word.text for word in line).strip()
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        return [Placed(text=text, x=centre, y=y)]  # libass orders it, as a whole
    placed, x = [], centre - size * font.width(text) / 2
    for index, word in enumerate(line):
        wide = size * font.width(word.text)
        x += size * SPACE if index and word.spaced else 0
        placed.append(Placed(text=word.text, x=x + wide / 2, y=y))
        x += wide
    return placed
