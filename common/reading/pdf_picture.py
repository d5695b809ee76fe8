"""Pages of a PDF that are pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from common.reading.context import Reading
from common.reading.document import Line, Page, Word
from common.reading.layout import lines_of
from common.reading.looking import DPI
from common.reading.recognition import Picture, recognise

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage

    from common.reading.pdf_words import Text

__all__ = ["covered", "look"]

_MOST = 20_000_000
"""Pixels of a page as it is drawn, however large it is."""
_INCH = 72


def covered(page: PdfPage) -> float:
    """Which share of the page its largest picture takes."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    shares = [0.0]
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = thing.get_bounds()
        shares.append(abs((right - left) * (top - bottom)) / (width * height))
    return max(shares)


def look(page: PdfPage, text: Text, reading: Reading, number: int) -> Page:
    """The page by how it looks; what it says itself comes first, if that is any good."""
    dots = min(DPI / _INCH, (_MOST / max(1, text.width * text.height)) ** 0.5)
    picture = Picture(_drawn(page, dots), 1 / dots, f"Page {number} of {reading.name}")
    seen = recognise(picture, reading)
    own = () if text.is_garbled else text.lines
    lines = lines_of([*_words(own), *_new(seen.lines, own)]) if own else seen.lines
    return Page(number, seen.width, seen.height, lines)


def _drawn(page: PdfPage, dots: float) -> Image:
    bitmap = page.render(scale=dots, grayscale=True)
    try:
        image: Image = bitmap.to_pil().convert("L")
        return image
    finally:
        bitmap.close()


def _words(lines: Iterable[Line]) -> Iterator[Word]:
    for line in lines:
        yield from line.words


def _new(seen: Iterable[Line], own: Iterable[Line]) -> Iterator[Word]:
    taken = [word.box for word in _words(own)]
    for word in _words(seen):
        box = word.box
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        if not any(at.left < x < at.right and at.top < y < at.bottom for at in taken):
            yield word
