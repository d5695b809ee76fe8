"""An archive's directory, read one member at a time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from jobs.zip_unpack.ends import End
from jobs.zip_unpack.entry import Entry
from jobs.zip_unpack.errors import BadArchive

__all__ = ["entries"]

_HEADER = struct.Struct("<4s6H3L5H2L")
_SIGN = b"PK\x01\x02"
_UTF8 = 0x800
_MOST32, _MOST16 = 0xFFFFFFFF, 0xFFFF
_ZIP64, _UNICODE_PATH, _ASI_UNIX = 0x0001, 0x7075, 0x756E
_LONGEST_NAME = 1024
_NO_ZIP64 = "its sizes are missing where the directory refers to them"


def entries(reader: BinaryIO, end: End, name: str) -> Iterator[Entry]:
    """Each member as the directory has it. Raises BadArchive where there is less, or more."""
    reader.seek(end.start)
    left = end.stop - end.start
    for number in range(end.members):
        head = reader.read(_HEADER.size)
        if len(head) < _HEADER.size or head[:4] != _SIGN or left < _HEADER.size:
            raise BadArchive(name, f"its directory breaks off after {number:,} of {end.members:,}")
        fields = _HEADER.unpack(head)
        lengths = fields[10], fields[11], fields[12]
        left -= _HEADER.size + sum(lengths)
        rest = reader.read(sum(lengths))
        if left < 0 or len(rest) < sum(lengths):
            raise BadArchive(name, f"its directory breaks off after {number:,} of {end.members:,}")
        yield _entry(fields, rest[: lengths[0]], rest[lengths[0] : lengths[0] + lengths[1]], end)
    if left:
        raise BadArchive(name, f"its directory has more than the {end.members:,} members it says")


def _entry(fields: tuple[int, ...], raw: bytes, extra: bytes, end: End) -> Entry:
    flags, method, crc = fields[3], fields[4], fields[7]
    packed, size, disk, offset = fields[8], fields[9], fields[13], fields[16]
    flaw, unix_mode, parts = "", 0, _parts(extra) if extra else {}
    if _MOST32 in {packed, size, offset} or disk == _MOST16:
        try:
            size, packed, offset, disk = _large(parts, size, packed, offset, disk)
        except struct.error:
            flaw = _NO_ZIP64
    if disk and not flaw:
        flaw = "it is in another file of several"
    name, unreadable = _decoded(raw, flags, parts)
    if (asi := parts.get(_ASI_UNIX)) and len(asi) >= 6:
        unix_mode = int.from_bytes(asi[4:6], "little")
    return Entry(
        name,
        raw,
        flags,
        method,
        crc,
        packed,
        size,
        offset + end.shift,
        fields[15],
        unix_mode,
        flaw or unreadable,
    )


def _parts(extra: bytes) -> dict[int, bytes]:
    """The extra fields by their numbers; what follows the last whole one is padding."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            break
        found.setdefault(number, extra[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def _large(
    parts: dict[int, bytes], size: int, packed: int, offset: int, disk: int
) -> tuple[int, int, int, int]:
    """The numbers that did not fit, in their order; raises struct.error where one is missing."""
    extra, at = parts.get(_ZIP64, b""), 0
    found = []
    for value in (size, packed, offset):
        large = value
        if value == _MOST32:
            (large,) = struct.unpack_from("<Q", extra, at)
            at += 8
        found.append(large)
    if disk == _MOST16:
        (disk,) = struct.unpack_from("<L", extra, at)
    return found[0], found[1], found[2], disk


def _decoded(raw: bytes, flags: int, parts: dict[int, bytes]) -> tuple[str, str]:
    """Its name, and why that cannot be read, if so."""
    utf8 = raw if flags & _UTF8 else _unicode_path(raw, parts.get(_UNICODE_PATH, b""))
    if max(len(raw), len(utf8 or b"")) > _LONGEST_NAME:
        return raw[:_LONGEST_NAME].decode("cp437"), f"its name is longer than {_LONGEST_NAME} bytes"
    try:
        return (raw if utf8 is None else utf8).decode(), ""  # UTF-8 often goes unsaid, as on a Mac
    except UnicodeDecodeError:
        flaw = "its name is not the UTF-8 that it is said to be" if utf8 is not None else ""
        return raw.decode("cp437"), flaw


def _unicode_path(raw: bytes, path: bytes) -> bytes | None:
    """Info-ZIP's, which holds only for the name that it was made for."""
    if path[:1] == b"\x01" and path[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        return path[5:]
    return None
