"""Small members, of which there may be thousands, by one look each.

Whatever is not just as it should be here is left to `Content`, which finds out what is wrong.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from isal import igzip_lib, isal_zlib

from jobs.zip_unpack.entry import DEFLATED, STORED
from jobs.zip_unpack.methods import BROKEN
from jobs.zip_unpack.plan import Member
from jobs.zip_unpack.ranges import LOCAL_HEADER

__all__ = ["SMALL", "unpack_small"]

SMALL = 256 * 1024
"""Members up to this size, packed and unpacked, are unpacked in one go."""
_HEADER = struct.Struct("<4s2x2H4x3L2H")
_SIGN = b"PK\x03\x04"
_LATER = 0x8
_ENCRYPTED = 0x1
_EXTRA = 64
"""Bytes for the extra fields that a header is likely to have; they are read along with it."""


def unpack_small(reader: BinaryIO, member: Member) -> bytes | None:
    """All of a member, checked; None where it is not small, or something about it is unusual."""
    entry = member.entry
    if entry.size > SMALL or entry.packed > SMALL:
        return None
    reader.seek(entry.offset)
    most = min(member.limit - entry.offset, LOCAL_HEADER + len(entry.raw) + _EXTRA + entry.packed)
    data = _data(reader.read(most), member)
    if data is None:
        return None
    content = _inflated(data, entry.size) if entry.method == DEFLATED else data
    if content is None or len(content) != entry.size or isal_zlib.crc32(content) != entry.crc:
        return None
    return content


def _data(read: bytes, member: Member) -> bytes | None:
    """What is packed, where the header says what the directory says."""
    entry = member.entry
    if len(read) < LOCAL_HEADER or entry.method not in {STORED, DEFLATED}:
        return None
    sign, flags, method, crc, packed, size, name, extra = _HEADER.unpack_from(read)
    start = LOCAL_HEADER + name + extra
    is_same = flags & _LATER or (crc, packed, size) == (entry.crc, entry.packed, entry.size)
    is_sound = sign == _SIGN and method == entry.method and not flags & _ENCRYPTED
    if not (is_same and is_sound and read[LOCAL_HEADER : LOCAL_HEADER + name] == entry.raw):
        return None
    data = read[start : start + entry.packed]
    return data if len(data) == entry.packed else None


def _inflated(data: bytes, size: int) -> bytes | None:
    inflater = igzip_lib.IgzipDecompressor(igzip_lib.DECOMP_DEFLATE)
    try:
        content = inflater.decompress(data, size + 1)
    except BROKEN:
        return None
    return content if inflater.eof and not inflater.unused_data else None
