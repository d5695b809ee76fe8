"""Pages that are pictures: made ready, looked at by tesseract, and what it found as lines."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from common.reading import tesseract
from common.reading.context import Reading
from common.reading.document import Box, Line, Word
from common.reading.fragments import joined
from common.reading.layout import lines_of
from common.reading.looking import Look, Looker
from common.reading.upright import evened

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Picture", "Seen", "recognise"]

_MODE = 3  # its own analysis of a page; 4 finds as much, 6, 11 and 12 less
_SPARSE = 11
_GAP = 1.6
"""As layout.GAP, but for boxes that are as low as the letters in them."""


class Picture(NamedTuple):
    """One page as a picture."""

    image: Image
    """In greys."""
    points: float
    """That a pixel stands for."""
    what: str
    """Such as "Page 3 of a.pdf"."""


class Seen(NamedTuple):
    """What was found in a picture, upright."""

    lines: tuple[Line, ...]
    width: float
    height: float


def recognise(picture: Picture, reading: Reading) -> Seen:
    """The lines in a picture, in points; none, with a warning, where it could not be looked at."""
    look = Look((), *picture.image.size)
    even = evened(picture.image)
    if even is not None and _may(picture, reading):
        try:
            look = _best(even, Looker(reading))
        except subprocess.TimeoutExpired:
            reading.warn(f"{picture.what} is a picture that takes too long to be read.")
    words = (_in_points(word, picture.points) for word in look.words)
    lines = lines_of(words, gap=_GAP, mend=joined)
    return Seen(lines, look.width * picture.points, look.height * picture.points)


def _may(picture: Picture, reading: Reading) -> bool:
    if not tesseract.is_there():
        reading.unseen(picture.what)
        return False
    reading.spent.recognised += 1
    if reading.spent.recognised > reading.limits.recognised:
        reading.warn(
            f"{picture.what} is a picture and was not read, since {reading.limits.recognised} were."
        )
        return False
    reading.tell("recognise")
    return True


def _best(even: Image, looker: Looker) -> Look:
    """The first look, unless another one at the picture's side, or at its parts, sees more."""
    look = looker.look(even, _MODE)
    if not look.is_doubtful:
        return look
    with suppress(subprocess.TimeoutExpired):  # the first look is better than none
        if quarters := looker.quarters(even):
            return looker.look(even.rotate(-90 * quarters, expand=True), _MODE)
        return max(look, looker.look(even, _SPARSE), key=_worth)
    return look


def _worth(look: Look) -> float:
    return sum(word.certainty for word in look.words)


def _in_points(word: Word, points: float) -> Word:
    box = word.box
    sides = (box.left, box.top, box.right, box.bottom)
    return Word(word.text, Box(*(side * points for side in sides)), word.certainty)
