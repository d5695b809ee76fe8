"""The sentences of a document, each with its page: lines that a format broke are joined again.

Where a line ends is a matter of looks in a PDF or a picture, often of width in plain text and
mails, and of sense in all other formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from common.reading.document import Document, Line, Page
from common.reading.wrapped import unwrapped

__all__ = ["Sentence", "sentences", "split"]

_LONGEST = 1_000
_END = re.compile(r"""[.!?…]["'”\u2019»)\]]*(?=\s)""")
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|approx|ca|bzw|z\.B|d\.h|u\.a|Abs|Art|Nr|No|Fig|Vol|Mr|Mrs|Ms|Dr"
    r"|Prof|St|Str|Mio|Mrd|Tsd|Inc|Ltd|Co|Corp|GmbH|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)"
    r"|\b[A-Za-z]|(?<![\d.,])\d{1,2})\.$"
)
"""What ends with a full stop and ends no sentence: 3. May, No. 5, J. Smith."""
_NEXT = re.compile(r"""\s+["'“„«(\[¿¡]*(?P<first>\S)""")
_APART = 1.7
"""Heights of a line between the tops of two that belong together, at most."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a heading, or a row of a table."""

    text: str
    page: int
    begins: bool = False
    """Whether it is the first of a paragraph."""


def sentences(document: Document, *, join: bool = False) -> Iterator[Sentence]:
    """All of a document's, in their order.

    `join` also joins lines of plain text that seem to be broken to a width. Whoever compares texts
    must not ask for it: a few words more may make another width of it.
    """
    kind = document.content_type
    for page in document.pages:
        for paragraph in _paragraphs(page, kind, join=join):
            for number, text in enumerate(split(paragraph)):
                yield Sentence(text, page.number, number == 0)


def split(text: str) -> Iterator[str]:
    """The sentences of a paragraph, none of them longer than a reader would bear."""
    begin = 0
    for end in _END.finditer(text):
        if _goes_on(text, end):
            continue
        yield from _short(text[begin : end.end()].strip())
        begin = end.end()
    yield from _short(text[begin:].strip())


def _goes_on(text: str, end: re.Match[str]) -> bool:
    following = _NEXT.match(text, end.end())
    if following is None:
        return False
    first = following["first"]
    begins = first.isdigit() or (first.isalpha() and not first.islower())
    return not begins or bool(_SHORT.search(text, max(0, end.start() - 10), end.start() + 1))


def _short(text: str) -> Iterator[str]:
    while len(text) > _LONGEST:
        cut = text.rfind(" ", 1, _LONGEST)
        cut = cut if cut > 0 else _LONGEST
        yield text[:cut]
        text = text[cut:].strip()
    if text:
        yield text


def _paragraphs(page: Page, kind: str, *, join: bool) -> Iterator[str]:
    if kind == "application/pdf" or kind.startswith("image/"):
        return _set(page)
    is_plain = kind in {"text/plain", "message/rfc822"}
    return unwrapped(page.text) if is_plain and join else iter(page.text.split("\n"))


def _set(page: Page) -> Iterator[str]:
    text, last = "", None
    for row in page.rows:
        if last is not None and len(row) == 1 and _belongs(last, row[0]):
            text = _joined(text, row[0].text)
        else:
            if text:
                yield text
            text = "\t".join(line.text for line in row)
        last = row[0] if len(row) == 1 else None
    if text:
        yield text


def _belongs(above: Line, below: Line) -> bool:
    """Whether a line goes on in the next one: as near, as tall, and nearly as far to the left."""
    height = above.box.bottom - above.box.top
    other = below.box.bottom - below.box.top
    near = 0 < below.box.top - above.box.top <= _APART * max(height, 1)
    alike = 0.8 <= other / max(height, 0.1) <= 1.25
    return near and alike and abs(below.box.left - above.box.left) <= 3 * height


def _joined(text: str, more: str) -> str:
    if text.endswith("-") and text[-2:-1].isalpha() and more[:1].islower():
        return text[:-1] + more
    return f"{text} {more}"
