"""A member's own header, right before its data: it must say what the directory says."""

from __future__ import annotations

import struct

from jobs.zip_unpack.entry import Entry
from jobs.zip_unpack.ranges import LOCAL_HEADER

__all__ = ["data_start"]

_HEADER = struct.Struct("<4s5H3L2H")
_SIGN = b"PK\x03\x04"
_LATER = 0x8
"""Flag: the sizes are not in the header but behind the data."""
_ENCRYPTED = 0x1
_MOST32 = 0xFFFFFFFF
_ZIP64 = 0x0001


def data_start(entry: Entry, limit: int, head: bytes) -> tuple[int, str]:
    """Where in the file its data are, and why the header is wrong, if it is.

    `head` is what is in the file from the header on: all of it, name and extra fields included, or
    as much as the file has.
    """
    if len(head) < LOCAL_HEADER or head[:4] != _SIGN:
        return 0, "there is no header where the directory says that it begins"
    fields = _HEADER.unpack_from(head)
    name_stop = LOCAL_HEADER + fields[9]
    start = entry.offset + name_stop + fields[10]
    if head[LOCAL_HEADER:name_stop] != entry.raw:
        return 0, "it has another name in its header than in the directory"
    if fields[3] != entry.method or (fields[2] ^ entry.flags) & _ENCRYPTED:
        return 0, "it is packed in another way by its header than by the directory"
    if start + entry.packed > limit:
        return 0, "its data overlap another member's, or the directory"
    if not fields[2] & _LATER:
        sizes = fields[7], fields[8]
        extra = head[name_stop : name_stop + fields[10]]
        if (fields[6], *_sizes(sizes, extra)) != (entry.crc, entry.packed, entry.size):
            return 0, "it has other sizes, or another checksum, in its header than in the directory"
    return start, ""


def head_size(head: bytes) -> int:
    """How long the header is that begins so; as much of it as is there must be LOCAL_HEADER."""
    name, extra = struct.unpack_from("<HH", head, 26)
    return LOCAL_HEADER + int(name) + int(extra)


def _sizes(sizes: tuple[int, int], extra: bytes) -> tuple[int, int]:
    """Packed and unpacked, from the extra field where they did not fit into the header."""
    packed, size = sizes
    if _MOST32 not in sizes:
        return packed, size
    at = 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<HH", extra, at)
        if number == _ZIP64 and length >= 16 and at + 20 <= len(extra):
            large_size, large_packed = struct.unpack_from("<QQ", extra, at + 4)
            return (
                large_packed if packed == _MOST32 else packed,
                large_size if size == _MOST32 else size,
            )
        at += 4 + length
    return packed, size
