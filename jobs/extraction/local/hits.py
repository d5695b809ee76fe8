"""Labels where they stand in a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobs.extraction.local.book import Book, Meaning
from jobs.extraction.local.view import Segment, View

__all__ = ["Hit", "hits", "within"]

MOST = 4000
"""Labels that are looked at; a document of honest size has a few dozen."""
NAMED = ("seller", "buyer", "bank")
MISREAD = 0.92
AMID = 0.6
SEPARATED = re.compile(r"\s?[:=\u2013]")
LEAD = re.compile(r"(?:[\s:.=#)\]>\u2022*]|(?<!\s)[-\u2013]|[-\u2013](?![\d€$£])){1,20}")
"""Not the sign of a number: `Total: -24,90`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A label: which segment it is in, from where to where, and what it may mean."""

    segment: Segment
    start: int
    end: int
    rest: int
    """Where what follows it begins, without colons and the like."""
    meanings: tuple[Meaning, ...]
    clarity: float
    """How much it looks like a label: first in its segment, or before a colon."""
    first: bool
    phrase: tuple[str, ...]

    @property
    def concepts(self) -> tuple[str, ...]:
        return tuple(meaning.concept for meaning in self.meanings)

    @property
    def in_sentence(self) -> bool:
        """Whether it stands amid other words, with nothing about it that labels have."""
        return not self.first and self.clarity <= AMID

    @property
    def left(self) -> float:
        """Where on the page it begins."""
        return self.segment.left_of(self.start)


def hits(view: View, book: Book) -> tuple[Hit, ...]:
    """All labels, in the order of reading."""
    found: list[Hit] = []
    for segment in view.segments:
        found.extend(within(segment, book))
        if len(found) > MOST:
            break
    return tuple(found)


def within(segment: Segment, book: Book) -> Iterator[Hit]:
    """Those of one segment, the longest phrases first."""
    tokens = segment.tokens
    exact = [token.text for token in tokens]
    words = [book.spelling.right(word) for word in exact]
    at, before = 0, ""
    while at < len(words):
        length, meanings = book.longest_at(words, at)
        if not length:
            at += 1
            continue
        end = at + length
        while end < len(words) and words[end] == "#":  # "Invoice Number No."
            end += 1
        if before and meanings[0].concept == "invoice_date" and meanings[0].strength < 0.7:
            meanings = (Meaning("invoice_date", 1.0 if before == "invoice_number" else 0.6),)
        hit = _hit(segment, slice(at, end), meanings, tuple(words[at:end]))
        yield hit if exact[at:end] == words[at:end] else replace(hit, clarity=hit.clarity * MISREAD)
        before = meanings[0].concept
        at = end


def _hit(
    segment: Segment, place: slice, meanings: tuple[Meaning, ...], phrase: tuple[str, ...]
) -> Hit:
    found = segment.tokens[place]
    start, end = found[0].start, found[-1].end
    text = segment.text
    behind = LEAD.match(text, end)
    separated = SEPARATED.match(text, end) or text[end - 1] in ":="
    alone = place.start == 0
    clarity = 1.0 if separated else 0.95 if alone else 0.8 if phrase[-1] == "#" else AMID
    if not alone and separated:
        clarity = 0.92
    if not separated and end < len(text) and set(NAMED) & {one.concept for one in meanings[:1]}:
        clarity = 0.5  # companies, too, are called Customer Care Ltd
    rest = behind.end() if behind else end
    return Hit(segment, start, end, rest, meanings, clarity, alone, phrase)
