"""Reads in this process, as the one beside does: for what readers find, not for how they fare."""

from __future__ import annotations

from typing import Any, NamedTuple

from common.reading.context import Reading
from common.reading.document import Page, Word
from common.reading.formats import content_type_of, pages_of
from common.reading.limits import Limits

__all__ = ["Heard", "heard", "page_of", "words_of"]


class Heard(NamedTuple):
    pages: list[Page]
    warnings: list[str]


def heard(data: bytes, name: str = "paper", **limits: Any) -> Heard:
    """What a reader makes of a document."""
    warnings: list[str] = []

    def tell(kind: str, *what: Any) -> None:
        if kind == "warning":
            warnings.append(what[0])

    reading = Reading(name, Limits(**limits), (), tell)
    pages = []
    for page in pages_of(data, content_type_of(data, name), reading):
        pages.append(reading.fitted(page))
        if reading.spent.is_all:
            break
    reading.finish()
    return Heard(pages, warnings)


def page_of(data: bytes, name: str = "paper") -> Page:
    """Its only page."""
    (page,) = heard(data, name).pages
    return page


def words_of(page: Page) -> list[Word]:
    """All of them, in their order."""
    return [word for line in page.lines for word in line.words]
