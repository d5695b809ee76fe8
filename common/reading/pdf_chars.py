"""The characters of a PDF's page, and where they stand on it as it is looked at."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from common.reading.clean import clean
from common.reading.document import Box

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

__all__ = ["SLANTED", "Char", "chars_of", "placing"]

_FINE = 1_000_000
"""pdfium gives whole dots only: so many on the longer side."""
SLANTED = -1
_LEEWAY = 0.1
"""Of a quarter, by which text may be off and yet be read as if it were not."""


class Char(NamedTuple):
    """A character, and where it stands on the page as it is looked at."""

    text: str
    box: Box
    quarter: int
    """Quarters of a full turn, clockwise, by which it is turned; SLANTED for anything between."""


def chars_of(
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
    return round(turns) % 4 if abs(turns - round(turns)) <= _LEEWAY else SLANTED


def placing(
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
