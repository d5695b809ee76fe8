"""The methods by which members are packed, each as a decompressor like those of bz2.

Deflate is isal's, which takes half of the standard library's time.
"""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable
from typing import Protocol, cast

from isal import igzip_lib

from jobs.zip_unpack.entry import BZIP2, DEFLATED, LZMA, Entry

__all__ = ["BROKEN", "Unpacker", "opened"]

_LARGEST_DICTIONARY = 32 << 20
"""Bytes of memory that a member may ask for. What it says is allotted before anything is read."""
_LONGEST_PROPERTIES = 16
_END_MARKER = 0x2
"""Flag: the data of LZMA say themselves where they end."""


class Unpacker(Protocol):
    """Unpacks what it is given, piece by piece."""

    @property
    def eof(self) -> bool:
        """Whether the end of the data has been reached."""

    @property
    def needs_input(self) -> bool:
        """Whether it has nothing left to unpack."""

    @property
    def unused_data(self) -> bytes:
        """What it was given beyond the end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """At most so many bytes. Raises one of BROKEN."""


class Unreadable(Exception):
    """Raised for data that are not unpacked here; its text is a clause."""


BROKEN: tuple[type[Exception], ...] = (
    cast("type[Exception]", igzip_lib.error),
    OSError,
    ValueError,
    EOFError,
    lzma.LZMAError,
    Unreadable,
)
"""What unpacking raises for data that are no such data."""


def opened(entry: Entry, take: Callable[[int], bytes]) -> Unpacker:
    """The unpacker of a member; `take` gives the first bytes of its data, for those that begin with
    something about themselves. Raises one of BROKEN."""
    if entry.method == DEFLATED:
        return igzip_lib.IgzipDecompressor(igzip_lib.DECOMP_DEFLATE)
    if entry.method == BZIP2:
        return bz2.BZ2Decompressor()
    if entry.method == LZMA:
        return _lzma(entry, take)
    return _Stored(entry.size)


class _Stored:
    """Takes the bytes for what they are."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._held = b""
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return not self._left

    @property
    def needs_input(self) -> bool:
        return not self._held

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        held = self._held + data if self._held else data
        part, self._held = held[:max_length], held[max_length:]
        self._left -= len(part)
        return part


class _Lzma:
    """LZMA data without an end of their own end with the size."""

    def __init__(self, inner: lzma.LZMADecompressor, size: int, *, marked: bool) -> None:
        self._inner, self._left, self._marked = inner, size, marked

    @property
    def eof(self) -> bool:
        return self._inner.eof or (not self._marked and not self._left)

    @property
    def needs_input(self) -> bool:
        return self._inner.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        part = self._inner.decompress(data, max_length)
        self._left -= len(part)
        return part


def _lzma(entry: Entry, take: Callable[[int], bytes]) -> Unpacker:
    """APPNOTE 5.8.8: two bytes of version, two of length, then the properties."""
    head = take(4)
    length = int.from_bytes(head[2:4], "little")
    properties = take(length) if 5 <= length <= _LONGEST_PROPERTIES else b""
    if len(properties) < 5 or properties[0] >= 9 * 5 * 5:
        raise Unreadable("its properties are missing")
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    dictionary = int.from_bytes(properties[1:5], "little")
    if dictionary > _LARGEST_DICTIONARY:
        raise Unreadable(f"it asks for {dictionary:,} bytes of memory")
    if lc + lp > 4:
        raise Unreadable("its properties are not known")
    how = {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": dictionary}
    inner = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[how])
    return _Lzma(inner, entry.size, marked=bool(entry.flags & _END_MARKER))
