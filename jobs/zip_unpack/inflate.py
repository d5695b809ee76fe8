"""A member's content, never more of it than its size, and never much at once.

What comes out is counted and summed up while it passes by: only who reads to the end without an
error has had the whole member, as the directory describes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from isal import isal_zlib

from jobs.zip_unpack.errors import BadMember
from jobs.zip_unpack.local import data_start, head_size
from jobs.zip_unpack.methods import BROKEN, opened
from jobs.zip_unpack.plan import Member
from jobs.zip_unpack.ranges import LOCAL_HEADER

if TYPE_CHECKING:
    from jobs.zip_unpack.methods import Unpacker

__all__ = ["Content"]

_IN = 256 * 1024
_OUT = 128 * 1024
_EXTRA = 64
"""Bytes for the extra fields that a header is likely to have; they are read along with it."""


class Content:
    """The content of a member, as a stream to be read once from its beginning."""

    def __init__(
        self, reader: BinaryIO, member: Member, archive: str, told: Callable[[int], None]
    ) -> None:
        """`told` hears of the bytes of each part, and stops the rest when it raises."""
        self._reader, self._member, self._archive, self._told = reader, member, archive, told
        self.size = 0
        self._crc = 0
        self._sha256 = hashlib.sha256()
        self._ahead = b""
        self._packed_left = member.entry.packed
        self._unpacker: Unpacker | None = None
        self._is_over = False

    @property
    def sha256(self) -> str:
        """Of what was read, in hexadecimal."""
        return self._sha256.hexdigest()

    def read(self, size: int = _OUT, /) -> bytes:
        """At most so many bytes, none at the end. Raises BadMember."""
        if self._is_over:
            return b""
        if self._unpacker is None:
            self._unpacker = self._begin()
        part = self._next(self._unpacker, min(size, _OUT))
        if not part:
            self._end(self._unpacker)
            return b""
        self.size += len(part)
        if self.size > self._member.entry.size:
            raise self._bad("it has more bytes than the directory says")
        self._crc = isal_zlib.crc32(part, self._crc)
        self._sha256.update(part)
        self._told(len(part))
        return part

    def _begin(self) -> Unpacker:
        """Read its header, and what comes along of the data."""
        entry, limit = self._member.entry, self._member.limit
        self._reader.seek(entry.offset)
        likely = LOCAL_HEADER + len(entry.raw) + min(_EXTRA + entry.packed, _IN)
        head = self._reader.read(min(likely, limit - entry.offset))
        if len(head) >= LOCAL_HEADER and len(head) < (length := head_size(head)):
            head += self._reader.read(length - len(head))
        start, why = data_start(entry, limit, head)
        if why:
            raise self._bad(why)
        begin = start - entry.offset
        self._ahead = head[begin : begin + entry.packed]
        self._packed_left -= len(self._ahead)
        return self._open()

    def _open(self) -> Unpacker:
        try:
            return opened(self._member.entry, self._take)
        except BROKEN as error:
            raise self._bad(f"its data cannot be unpacked ({error})") from None

    def _next(self, unpacker: Unpacker, size: int) -> bytes:
        """The next bytes unpacked, none at the end."""
        while not unpacker.eof:
            is_hungry = unpacker.needs_input
            packed = self._take(_IN) if is_hungry else b""
            if is_hungry and not packed:
                raise self._bad("its data break off")
            try:
                part = unpacker.decompress(packed, size)
            except BROKEN as error:
                raise self._bad(f"its data cannot be unpacked ({error})") from None
            if part:
                return part
        return b""

    def _take(self, size: int) -> bytes:
        """Bytes of its data, none when all were taken."""
        if self._ahead:
            part, self._ahead = self._ahead[:size], self._ahead[size:]
            return part
        part = self._reader.read(min(size, self._packed_left))
        self._packed_left -= len(part)
        return part

    def _end(self, unpacker: Unpacker) -> None:
        entry = self._member.entry
        if self.size < entry.size:
            raise self._bad("it has fewer bytes than the directory says")
        if unpacker.unused_data or self._ahead or self._packed_left:
            raise self._bad("its data go on after their end")
        if self._crc != entry.crc:
            raise self._bad("its checksum is another than the directory says")
        self._is_over = True

    def _bad(self, why: str) -> BadMember:
        return BadMember(self._archive, self._member.entry.name, why)
