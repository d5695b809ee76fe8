"""Text as it is meant: without what only steers a printer, in characters that others know."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean"]

LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st"}
LIGATURES[0xFB06] = "st"
UNSEEN = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE])
BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
MEANT = {**LIGATURES, **UNSEEN, **BIDI, **SPACES, 0x02: "-"}  # pdfium's hyphen at a line's end
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """The text in NFC, ligatures taken apart, every space a space; tabs and line feeds stay."""
    if text.isascii() and text.isprintable():
        return text
    return CONTROL.sub("", unicodedata.normalize("NFC", text.translate(MEANT)))
