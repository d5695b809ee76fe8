"""Puts together what tesseract takes apart: 8. 10 is 8.10 where it stands as close as that."""

from __future__ import annotations

import re
from collections.abc import Iterable

from common.reading.document import Box, Word

__all__ = ["joined"]

_TOUCHING = 0.2
"""Spaces between words are wider, in heights of the words."""
_CLOSE = 0.75
_WHOLE = re.compile(r"[^\d]?\d{1,3}([.,]\d{3})*[.,]?")
_CENTS = re.compile(r"[.,]?\d{2}\D?")


def joined(words: Iterable[Word]) -> list[Word]:
    """The words of a row, from left to right, without what is none."""
    whole: list[Word] = []
    for word in map(_unframed, words):
        if whole and _belong(whole[-1], word):
            whole[-1] = _one(whole[-1], word)
        elif word.text:
            whole.append(word)
    return whole


def _unframed(word: Word) -> Word:
    """Without the lines of the cell around it, of which tesseract makes brackets."""
    text = word.text.strip("|")
    if text.startswith("[") and "]" not in text:
        text = text[1:]
    if text.endswith("]") and "[" not in text:
        text = text[:-1]
    return word if text == word.text else Word(text, word.box, word.certainty)


def _belong(one: Word, other: Word) -> bool:
    height = min(one.box.bottom - one.box.top, other.box.bottom - other.box.top)
    tall = max(one.box.bottom - one.box.top, other.box.bottom - other.box.top)
    shared = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    gap = other.box.left - one.box.right
    if not other.text or shared < height / 2 or gap < -tall:
        return False
    return gap < _TOUCHING * tall or (gap < _CLOSE * tall and _is_amount(one.text, other.text))


def _is_amount(one: str, other: str) -> bool:
    point = one[-1] in ".," or other[0] in ".,"
    both = one[-1] in ".," and other[0] in ".,"
    return point and not both and bool(_WHOLE.fullmatch(one) and _CENTS.fullmatch(other))


def _one(one: Word, other: Word) -> Word:
    box, more = one.box, other.box
    whole = Box(
        min(box.left, more.left),
        min(box.top, more.top),
        max(box.right, more.right),
        max(box.bottom, more.bottom),
    )
    return Word(one.text + other.text, whole, min(one.certainty, other.certainty))
