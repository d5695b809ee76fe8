"""The words of a PDF's page, put together from its characters, however the page is turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from common.reading.clean import clean
from common.reading.document import Box, Line, Word
from common.reading.layout import lines_of
from common.reading.pdf_chars import SLANTED, Char, chars_of, placing
from common.reading.turning import Turn

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

__all__ = ["Text", "text_of"]

_APART = 0.35
"""How far apart a word's characters may be, in their heights."""
_GARBLED = 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What a page says."""

    width: float
    height: float
    lines: tuple[Line, ...]
    characters: int
    is_garbled: bool
    """Whether its fonts do not tell which characters they show."""
    turn: Turn = field(default_factory=lambda: Turn(0, 0, 0))
    """By which most of its words are turned, and it was turned back."""


def text_of(page: PdfPage) -> Text:
    """Its words, upright as most of them are."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    handle = pdfium.FPDFText_LoadPage(page)
    try:
        place = placing(page, width, height)
        chars = [*chars_of(handle, place)]
        unknown = sum(
            pdfium.FPDFText_HasUnicodeMapError(handle, index) == 1
            for index in range(pdfium.FPDFText_CountChars(handle))
        )
    finally:
        pdfium.FPDFText_ClosePage(handle)
    return _text(chars, width, height, unknown)


def _text(chars: list[Char | None], width: float, height: float, unknown: int) -> Text:
    seen = [char for char in chars if char]
    quarters = Counter(char.quarter for char in seen if char.quarter != SLANTED)
    most = quarters.most_common(1)[0][0] if quarters else 0
    turn = Turn(most, width, height)
    lines: list[Line] = []
    for quarter, _ in quarters.most_common():
        own = Turn(quarter, width, height)
        lines += _turned(lines_of(_words(chars, quarter, own)), own, turn)
    upright = Turn(0, width, height)
    slanted = (Line((word,)) for word in _words(chars, SLANTED, upright))
    lines += _turned(slanted, upright, turn)
    return Text(
        width=turn.width,
        height=turn.height,
        lines=tuple(_within(lines, turn.width, turn.height)),
        characters=len(seen),
        is_garbled=unknown > _GARBLED * max(len(seen), 1),
        turn=turn,
    )


def _words(chars: Iterable[Char | None], quarter: int, turn: Turn) -> Iterator[Word]:
    """The words that are turned by so many quarters, as they stand when turned back."""
    word: list[tuple[str, Box]] = []
    for char in chars:
        here = (char.text, turn.back(char.box)) if char and char.quarter == quarter else None
        if word and (here is None or not _joined(word[-1][1], here[1])):
            yield from _word(word)
            word = []
        if here:
            word.append(here)
    if word:
        yield from _word(word)


def _joined(one: Box, other: Box) -> bool:
    height = min(one.bottom - one.top, other.bottom - other.top)
    gap = max(other.left - one.right, one.left - other.right)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return gap <= _APART * height and shared > 0.3 * height


def _word(chars: list[tuple[str, Box]]) -> Iterator[Word]:
    """None if there is nothing in it but what nobody sees, such as soft hyphens."""
    boxes = [box for text, box in chars if text]
    if not boxes:
        return
    yield Word(
        clean("".join(text for text, _ in chars)),
        Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        ),
    )


def _turned(lines: Iterable[Line], own: Turn, page: Turn) -> Iterator[Line]:
    """Lines that were turned back by their own turn, on a page that is turned back by its."""
    for line in lines:
        if own == page:
            yield line
        else:
            words = (Word(word.text, page.back(own.forth(word.box))) for word in line.words)
            yield Line(tuple(words))


def _within(lines: Iterable[Line], width: float, height: float) -> Iterator[Line]:
    """Without what nobody sees, since it stands beside the page."""
    for line in lines:
        box = line.box
        if box.right > 0 and box.bottom > 0 and box.left < width and box.top < height:
            yield line
