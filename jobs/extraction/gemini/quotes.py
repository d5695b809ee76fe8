"""Whether what a model says to have read stands in the document, as far as its text is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from common.reading.document import Document, Page
from jobs.extraction.found import Found
from jobs.extraction.schema import Field, Kind

__all__ = ["Quotes"]

_UNSEEN = 0.3
"""The most that a value is believed whose quote stands nowhere in the document."""
_UNSHOWN = 0.5
"""The most that a value is believed which its quote does not show."""
_MOST = 0.99
_CERTAIN = 0.98
"""Words that were recognised less certainly do not disprove a quote."""
_NUMBERS = {Kind.INTEGER, Kind.NUMBER, Kind.PERCENT, Kind.MONEY}
_LITERAL = {Kind.ID, Kind.EMAIL, Kind.PHONE}


class Quotes:
    """The text of a document, to look quotes up in."""

    def __init__(self, document: Document) -> None:
        self._pages = {page.number: _plain(page.text) for page in document.pages}
        self._whole = _plain(document.text)
        # One page that is not known in full may hold what is quoted.
        self._is_known = not document.warnings and all(map(_is_certain, document.pages))

    def weighed(self, field: Field, found: Found, warn: list[str]) -> Found:
        """The finding with the page that the quote is on, believed as much as that supports it."""
        confidence = min(found.confidence, _MOST)
        page = found.page if found.page in self._pages or not self._pages else None
        quote = _plain(found.text)
        if quote and quote in self._whole:
            page = self._page(quote, page)
        elif self._is_known:
            confidence = min(confidence, _UNSEEN)
            warn.append(f"What is quoted for {field.name} does not stand in the document.")
        if not _shows(field, found):
            confidence = min(confidence, _UNSHOWN)
        return Found(
            value=found.value, confidence=confidence, page=page, text=found.text, rows=found.rows
        )

    def _page(self, quote: str, said: int | None) -> int | None:
        if said is not None and quote in self._pages[said]:
            return said
        return next((number for number, text in self._pages.items() if quote in text), said)


def _is_certain(page: Page) -> bool:
    words = [word.certainty for line in page.lines for word in line.words]
    return bool(words) and sum(words) / len(words) >= _CERTAIN


def _shows(field: Field, found: Found) -> bool:
    """Whether the value can be seen in what is quoted for it."""
    if not found.text:
        return False
    if field.kind in _NUMBERS:
        amount = found.value["amount"] if isinstance(found.value, Mapping) else found.value
        return _digits_of(amount) in _digits_in(found.text)
    if field.kind in _LITERAL:
        return _plain(str(found.value)) in _plain(found.text)
    return True


def _digits_of(number: Any) -> str:
    """12.5, 12.50 and 12,5 show the same digits, of which zeros at the end are not needed."""
    digits = re.sub(r"\D", "", f"{abs(number):.6f}").rstrip("0")
    return digits.lstrip("0") or "0"


def _digits_in(text: str) -> str:
    """The digits of a text, of any script, as ours."""
    return "".join(str(unicodedata.decimal(character, "")) for character in text)


def _plain(text: str) -> str:
    """Letters and digits alone: how words are set apart, and broken into lines, is no matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
