"""Plain text, in whatever encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import UnsupportedDocument
from common.reading.flow import Flow

__all__ = ["decoded", "pages"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL = "cp1252"
_WESTERN = re.compile(
    r"(?:[\x00-\x7f\xa0ÄÖÜäöüßÀÂÇÈÉÊËÎÏÔÙÛàâçèéêëîïôùûÁÍÓÚÑáíóúñ€£§°²·«»\u2019]"
    r"|(?<!\w)[“”„…\u2013\u2014]|[“”„…\u2013\u2014](?!\w))*"
)
"""Without the letters in whose places other encodings have theirs, such as the Polish ones."""
_SAMPLE = 1 << 16
_ODD = 0.02
"""Control characters, as a share, of which no text has more."""


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """One page, or several where form feeds part them."""
    for text in decoded(data, reading.name).split("\f"):
        if text.strip():
            flow = Flow(most=reading.words_left)
            flow.text(text)
            yield flow.page()


def decoded(data: bytes, name: str) -> str:
    """The text. Raises UnsupportedDocument for what is none."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _text(data.decode(encoding, errors="replace").lstrip("\ufeff"), name)
    text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    if broken and broken * 4 > sum(char > "\x7f" for char in text) - broken:
        text = data.decode(_guessed(data), errors="replace")
    return _text(text, name)


def _guessed(data: bytes) -> str:
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
    if _is_western(telling[:_SAMPLE].decode(_USUAL, errors="replace")):
        return _USUAL
    return _likeliest(data, telling)


def _is_western(text: str) -> bool:
    """Whether it has usual accents alone, as rare as they are in the languages that have them."""
    letters = [char for char in text if char.isalpha()]
    return sum(map(str.isascii, letters)) * 2 > len(letters) and bool(_WESTERN.fullmatch(text))


def _likeliest(data: bytes, telling: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(telling[:_SAMPLE]) or from_bytes(data[:_SAMPLE])
    best = matches.best()
    if best is None:
        return _USUAL
    for match in matches:  # few accents fit many encodings, of which this is by far the commonest
        if _USUAL in {match.encoding, *match.could_be_from_charset} and match.chaos <= best.chaos:
            return _USUAL
    return best.encoding


def _text(text: str, name: str) -> str:
    sample = text[:_SAMPLE]
    odd = sum(char < " " and char not in "\t\n\r\f\x1b" for char in sample)
    if odd > _ODD * len(sample):
        raise _no_text(name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _no_text(name: str) -> UnsupportedDocument:
    from common.reading.formats import SUPPORTED

    return UnsupportedDocument(name, f"is of no known format. What can be read: {SUPPORTED}.")
