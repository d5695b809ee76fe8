"""The end of an archive, which says where its directory is.

Where two readings of the end are possible, two programs may see two archives in one file: that is
how something gets past whoever looked. Such files are refused.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, NamedTuple

from jobs.zip_unpack.errors import BadArchive

__all__ = ["End", "find_end"]

_END = struct.Struct("<4s4H2LH")
_END_SIGN = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_SIGN = b"PK\x06\x07"
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_SIGN = b"PK\x06\x06"
_LONGEST_COMMENT = 0xFFFF


class End(NamedTuple):
    """Where the directory is, and how long."""

    members: int
    start: int
    """Of the directory, in the file."""
    stop: int
    """Where what follows the directory begins."""
    shift: int
    """Bytes before the archive, such as of a program that unpacks itself."""


class Found(NamedTuple):
    """What one record of the end says."""

    disk: int
    directory_disk: int
    members_here: int
    members: int
    size: int
    offset: int


def find_end(reader: BinaryIO, name: str) -> End:
    """The end of the archive. Raises BadArchive for what is none, or is cut short."""
    size = reader.seek(0, os.SEEK_END)
    at, found = _classic(reader, size, name)
    stop, found = _with_zip64(reader, at, found, name)
    if found.disk or found.directory_disk or found.members_here != found.members:
        raise BadArchive(name, "it is a part of an archive in several files")
    start = stop - found.size
    if start < found.offset:
        raise BadArchive(name, "it is cut short: its directory does not fit into it")
    return End(found.members, start, stop, start - found.offset)


def _classic(reader: BinaryIO, size: int, name: str) -> tuple[int, Found]:
    length = min(size, _END.size + _LONGEST_COMMENT)
    reader.seek(size - length)
    tail = reader.read(length)
    ends = [at for at in _places(tail) if _fits(tail, at)]
    if len(ends) > 1:
        raise BadArchive(name, "it has two ends, and so two readings")
    if not ends:
        raise BadArchive(name, _no_end(tail))
    _, *numbers, _ = _END.unpack_from(tail, ends[0])
    return size - length + ends[0], Found(*numbers)


def _places(tail: bytes) -> list[int]:
    found, at = [], tail.find(_END_SIGN)
    while at >= 0:
        found.append(at)
        at = tail.find(_END_SIGN, at + 1)
    return found


def _fits(tail: bytes, at: int) -> bool:
    """Whether the record there and its comment end where the file does."""
    if at + _END.size > len(tail):
        return False
    return bool(at + _END.size + _END.unpack_from(tail, at)[-1] == len(tail))


def _no_end(tail: bytes) -> str:
    if not tail:
        return "it is empty"
    if _END_SIGN in tail:
        return "it is cut short, or followed by something else"
    return "it is no ZIP archive, or is cut short: its end is missing"


def _with_zip64(reader: BinaryIO, at: int, found: Found, name: str) -> tuple[int, Found]:
    """What the larger record says, where there is one, and where it begins."""
    reader.seek(max(0, at - _LOCATOR.size))
    locator = reader.read(_LOCATOR.size) if at >= _LOCATOR.size else b""
    if not locator.startswith(_LOCATOR_SIGN):
        if found.offset == 0xFFFFFFFF or found.size == 0xFFFFFFFF or found.members == 0xFFFF:
            return at, _sure(found, name)
        return at, found
    _, _, said, disks = _LOCATOR.unpack(locator)
    if disks > 1:
        raise BadArchive(name, "it is a part of an archive in several files")
    start, larger = _larger(reader, said, at - _LOCATOR.size, name)
    pairs = zip(found, larger, (0xFFFF,) * 4 + (0xFFFFFFFF,) * 2, strict=True)
    if any(small not in {large, most} for small, large, most in pairs):
        raise BadArchive(name, "the two records of its end say different things")
    return start, larger


def _sure(found: Found, name: str) -> Found:
    """These numbers stand for larger ones; 65,535 members is one that may be meant."""
    if found.offset == 0xFFFFFFFF or found.size == 0xFFFFFFFF:
        raise BadArchive(name, "it is cut short: the larger record of its end is missing")
    return found


def _larger(reader: BinaryIO, said: int, stop: int, name: str) -> tuple[int, Found]:
    # Where bytes were put before the archive, all it says of places is too little by as much.
    for start in dict.fromkeys((said, stop - _END64.size)):
        if not 0 <= start <= stop - _END64.size:
            continue
        reader.seek(start)
        sign, length, _, _, *numbers = _END64.unpack(reader.read(_END64.size))
        if sign == _END64_SIGN and start + 12 + length == stop:
            return start, Found(*numbers)
    raise BadArchive(name, "the larger record of its end is missing, or not where it should be")
