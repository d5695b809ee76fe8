"""The words of a PDF's page, put together from its characters, however the page is turned."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from jobs.extraction.document import Box, Line, Word
from jobs.extraction.reading.clean import clean
from jobs.extraction.reading.layout import lines_of
from jobs.extraction.reading.turning import Turn

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

__all__ = ["Text", "text_of"]

_APART = 0.35
"""How far apart a word's characters may be, in their heights."""
_GARBLED = 0.3
_FINE = 1_000_000
"""pdfium gives whole dots only: so many on the longer side."""


_SLANTED = -1
_LEEWAY = 0.1
"""Of a quarter, by which text may be off and yet be read as if it were not."""


class Char(NamedTuple):
    """A character, and where it stands on the page as it is looked at."""

    text: str
    box: Box
    quarter: int
    """Quarters of a full turn, clockwise, by which it is turned; _SLANTED for anything between."""


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
        place = _placing(page, width, height)
        chars = [*_chars(handle, place)]
        unknown = sum(
            pdfium.FPDFText_HasUnicodeMapError(handle, index) == 1
            for index in range(pdfium.FPDFText_CountChars(handle))
        )
    finally:
        pdfium.FPDFText_ClosePage(handle)
    return _text(chars, width, height, unknown)


def _text(chars: list[Char | None], width: float, height: float, unknown: int) -> Text:
    seen = [char for char in chars if char]
    quarters = Counter(char.quarter for char in seen if char.quarter != _SLANTED)
    most = quarters.most_common(1)[0][0] if quarters else 0
    turn = Turn(most, width, height)
    lines: list[Line] = []
    for quarter, _ in quarters.most_common():
        own = Turn(quarter, width, height)
        lines += _turned(lines_of(_words(chars, quarter, own)), own, turn)
    upright = Turn(0, width, height)
    slanted = (Line((word,)) for word in _words(chars, _SLANTED, upright))
    lines += _turned(slanted, upright, turn)
    return Text(
        width=turn.width,
        height=turn.height,
        lines=tuple(_within(lines, turn.width, turn.height)),
        characters=len(seen),
        is_garbled=unknown > _GARBLED * max(len(seen), 1),
        turn=turn,
    )


def _chars(
    handle: Any, place: Callable[[float, float], tuple[float, float]]
) -> Iterator[Char | None]:
    """The characters in the order of the text; None between words."""
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    pointer = ctypes.byref(rect)
    zero = place(0, 0)
    high = 0
    for index in range(pdfium.FPDFText_CountChars(handle)):
        code = pdfium.FPDFText_GetUnicode(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = 0x10000 + ((high & 0x3FF) << 10) + (code & 0x3FF), 0
        text = clean(chr(code))
        is_there = pdfium.FPDFText_GetLooseCharBox(handle, index, pointer)
        if not is_there or (text or chr(code)).isspace():
            yield None
            continue
        angle = pdfium.FPDFText_GetCharAngle(handle, index)
        across, down = place(math.cos(angle), -math.sin(angle))  # it counts clockwise
        quarter = _quarter(across - zero[0], down - zero[1])
        (x1, y1), (x2, y2) = place(rect.left, rect.top), place(rect.right, rect.bottom)
        yield Char(text, Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)), quarter)


def _quarter(across: float, down: float) -> int:
    turns = math.atan2(down, across) / (math.pi / 2)
    return round(turns) % 4 if abs(turns - round(turns)) <= _LEEWAY else _SLANTED


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


def _placing(
    page: PdfPage, width: float, height: float
) -> Callable[[float, float], tuple[float, float]]:
    """From the PDF's own places to those on the page as it is looked at."""
    import pypdfium2.raw as pdfium

    scale = _FINE / max(width, height)
    size = (round(width * scale), round(height * scale))
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(at: tuple[int, int]) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, *at, ctypes.byref(x), ctypes.byref(y))
        return x.value / scale, y.value / scale

    (x0, y0), (x1, y1), (x2, y2) = device((0, 0)), device((1000, 0)), device((0, 1000))
    a, b, c, d = (x1 - x0) / 1000, (x2 - x0) / 1000, (y1 - y0) / 1000, (y2 - y0) / 1000
    return lambda x, y: (x0 + a * x + b * y, y0 + c * x + d * y)
