"""The shipped font's own tables: which characters it draws, and how wide each is."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAMILY", "FOLDER", "LINE", "has", "is_wide", "width"]

FOLDER = Path(__file__).with_name("fonts")
FAMILY = "Inter Display Semi Bold"
LINE = (1974 + 502) / 2048
"""ASS sizes a font by ascent plus descent; this many ems."""

FILE = FOLDER / "InterDisplay-SemiBold.otf"
FULL_UNICODE = 12  # the cmap subtable's format


def has(char: str) -> bool:
    """Whether the shipped font draws `char`."""
    return char in _widths()


def is_wide(char: str) -> bool:
    """Whether `char` fills a square, as CJK does, and lines may break beside it."""
    return unicodedata.east_asian_width(char) in {"W", "F"}


def width(text: str) -> float:
    """The width of `text` in ems, unkerned; a guess for what another font will draw."""
    widths = _widths()
    return sum(widths.get(char) or _guess(char) for char in text)


def _guess(char: str) -> float:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 1.0 if is_wide(char) else 0.62


@cache
def _widths() -> Mapping[str, float]:
    data = FILE.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {
        tag: offset
        for tag, _, offset, _ in struct.iter_unpack(">4sIII", data[12 : 12 + 16 * count])
    }
    advances = _advances(data, tables)
    return MappingProxyType(
        {
            char: advances[min(glyph, len(advances) - 1)]
            for char, glyph in _glyphs(data, tables[b"cmap"]).items()
        }
    )


def _advances(data: bytes, tables: Mapping[bytes, int]) -> list[float]:
    em = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    count = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    pairs = struct.unpack_from(">" + "Hh" * count, data, tables[b"hmtx"])
    return [advance / em for advance in pairs[::2]]


def _glyphs(data: bytes, cmap: int) -> dict[str, int]:
    glyphs: dict[str, int] = {}
    for index in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        table = cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * index)[0]
        if struct.unpack_from(">H", data, table)[0] == FULL_UNICODE:
            groups = struct.unpack_from(">I", data, table + 12)[0]
            for first, last, glyph in struct.iter_unpack(
                ">III", data[table + 16 : table + 16 + 12 * groups]
            ):
                glyphs |= {chr(code): glyph + code - first for code in range(first, last + 1)}
    return glyphs
