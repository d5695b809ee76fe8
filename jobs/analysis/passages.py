"""A document cut into passages: short enough to be cited one by one, and none over two pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jobs.analysis.report import Passage

if TYPE_CHECKING:
    from common.reading.document import Document
    from common.reading.sentences import Sentence

__all__ = ["passages_of"]

_LONG = 700
"""Characters of a passage, about."""
_BULLET = re.compile(r"^\s*[-–—*•]\s+(?=\S)")  # noqa: RUF001


def passages_of(document: Document, source: int, known: int) -> Iterator[Passage]:
    """Those of a source, numbered on from so many that are known."""
    from common.reading.sentences import sentences

    found = _cut(sentences(document, join=True))
    for number, (page, texts) in enumerate(found, known + 1):
        yield Passage(number, source, page, texts)


def _cut(sentences: Iterable[Sentence]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Pages' texts, cut where a paragraph begins, if there is enough before it."""
    texts: list[str] = []
    page, size = 0, 0
    for sentence in sentences:
        is_long = size > _LONG or (sentence.begins and size > _LONG / 2)
        if texts and (sentence.page != page or is_long):
            yield page, tuple(texts)
            texts, size = [], 0
        text = _plain(sentence.text)
        texts.append(text)
        page, size = sentence.page, size + len(text)
    if texts:
        yield page, tuple(texts)


def _plain(text: str) -> str:
    """One line without a bullet; the cells of a row are parted by a dot."""
    cells = _BULLET.sub("", text.encode(errors="replace").decode()).split("\t")
    return " · ".join(" ".join(cell.split()) for cell in cells)
