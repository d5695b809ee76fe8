"""What tesseract sees in one picture that is made ready."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Callable
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from common.reading import tesseract
from common.reading.context import Reading
from common.reading.document import Box, Word
from common.reading.upright import levelled, skew_of

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["DPI", "Look", "Looker"]

DPI = 300
"""What tesseract was trained on; so pages are drawn as fine."""
_LEAST = 0.2
"""How certain a word must be to be believed at all."""
_STEEP = 1.0
"""Degrees that tesseract copes with better than with what turning does to letters."""
_FEW = 5
_DOUBTFUL = 0.7
_LONG = 3


class Look(NamedTuple):
    """What tesseract said of a picture."""

    words: tuple[Word, ...]
    """Level, in pixels."""
    width: int
    height: int

    @property
    def certainty(self) -> float:
        """How much is to be made of it."""
        return fmean(word.certainty for word in self.words) if self.words else 0.0

    @property
    def is_doubtful(self) -> bool:
        """Whether the picture may stand on its side, or is no page."""
        return len(self.words) < _FEW or self.certainty < _DOUBTFUL or self._is_on_its_side

    @property
    def _is_on_its_side(self) -> bool:
        """tesseract reads lines that run downwards, too, but then no row can be made of them."""
        boxes = [word.box for word in self.words if len(word.text) > _LONG]
        tall = sum(box.bottom - box.top > box.right - box.left for box in boxes)
        return tall > len(boxes) / 2


class Looker:
    """Has tesseract look, as long as there is time for the page."""

    def __init__(self, reading: Reading) -> None:
        self._languages = reading.languages or tesseract.installed()
        self._ends = time.monotonic() + reading.limits.seconds_per_recognition * 0.9

    def look(self, even: Image, mode: int) -> Look:
        """What is in it, level. Raises subprocess.TimeoutExpired."""
        skew = skew_of(even)
        turned = levelled(even, skew) if abs(skew) > _STEEP else even
        found = tesseract.words_in(
            _written(turned), dpi=DPI, languages=self._languages, mode=mode, within=self._left()
        )
        words = [word for word in found if word.certainty > _LEAST]
        if turned is even:
            words = [*map(_level(skew, even.width / 2, even.height / 2), words)]
        return Look(tuple(words), even.width, even.height)

    def quarters(self, even: Image) -> int:
        """By how many quarters of a turn, clockwise, it has to be turned to be upright."""
        return tesseract.orientation(_written(even), within=self._left())

    def _left(self) -> float:
        return max(0.1, self._ends - time.monotonic())


def _level(degrees: float, x: float, y: float) -> Callable[[Word], Word]:
    """Turns words around a place, each as it stands."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))

    def turned(word: Word) -> Word:
        box = word.box
        across, down = (box.left + box.right) / 2 - x, (box.top + box.bottom) / 2 - y
        right = across * cosine + down * sine - across
        below = down * cosine - across * sine - down
        return _moved(word, right, below)

    return turned


def _moved(word: Word, right: float, down: float) -> Word:
    box = word.box
    moved = Box(box.left + right, box.top + down, box.right + right, box.bottom + down)
    return Word(word.text, moved, word.certainty)


def _written(image: Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PPM")  # not packed: it goes no further than to the next process
    return file.getvalue()
