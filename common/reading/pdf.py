"""PDF: the words that are in it, and where a page has none, those that its picture shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import DamagedDocument, EncryptedDocument

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfiumError, PdfPage

__all__ = ["pages"]

_TAIL = 4096
_FEW = 40
"""Characters; where a picture covers a page with fewer, such as a stamp, it is read as well."""
_COVERED = 0.5


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """Each page of a PDF."""
    from pypdfium2 import PdfiumError

    if not {b"startxref", b"%%EOF"} & _marks(data):
        raise DamagedDocument(reading.name, "is cut off: its end is missing. Get it anew.")
    try:
        pdf = _opened(data)
    except PdfiumError as error:
        raise _refused(reading.name, error) from error
    count = len(pdf)
    if not count:
        raise DamagedDocument(reading.name, "has no page that could be read. Write it anew.")
    reading.expect(count)
    yield from _pages(pdf, count, reading)


def _pages(pdf: PdfDocument, count: int, reading: Reading) -> Iterator[Page]:
    from pypdfium2 import PdfiumError

    unread = 0
    for index in range(min(count, reading.pages_left)):
        try:
            yield _page(_flattened(pdf, index), reading, index + 1)
        except PdfiumError:
            unread += 1
            reading.warn(f"Page {index + 1} of {reading.name} is damaged, and left out.")
    if unread == count:
        raise DamagedDocument(reading.name, "has no page that could be read. Write it anew.")


def _page(page: PdfPage, reading: Reading, number: int) -> Page:
    from common.reading import pdf_picture
    from common.reading.pdf_words import text_of

    text = text_of(page)
    if text.characters < _FEW or text.is_garbled:
        share = pdf_picture.covered(page)
        if text.is_garbled or share > _COVERED or (not text.characters and share):
            return pdf_picture.look(page, text, reading, number)
    return Page(number, text.width, text.height, text.lines)


def _flattened(pdf: PdfDocument, index: int) -> PdfPage:
    """The page with what was filled in and stamped on it as part of its text."""
    import pypdfium2.raw as pdfium

    page = pdf[index]
    if not pdfium.FPDFPage_GetAnnotCount(page):
        return page
    flattened = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    if flattened != pdfium.FLATTEN_SUCCESS:
        return page
    page.close()
    return pdf[index]


def _opened(data: bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument

    pdf = PdfDocument(data)
    if pdf.get_formtype():
        pdf.init_forms()
    return pdf


def _marks(data: bytes) -> set[bytes]:
    tail = data.rstrip(b"\0 \t\r\n")[-_TAIL:]
    return {mark for mark in (b"startxref", b"%%EOF") if mark in tail}


def _refused(name: str, error: PdfiumError) -> Exception:
    if "password" in str(error).lower() or "security" in str(error).lower():
        return EncryptedDocument(name, "asks for a password: save it without one.")
    why = "" if "Success" in str(error) else f" ({str(error).rstrip('.')})"  # as with no page in it
    return DamagedDocument(name, f"is damaged, and cannot be opened{why}. Write it anew.")
