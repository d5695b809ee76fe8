"""Boxes, of which an MP4 is made: a length, a name, and then data or more boxes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from common.media.probe import NotAVideo

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Box", "Damaged", "box", "child", "children", "full", "outermost", "payload"]

HEAD, LONG_HEAD = 8, 16


class Damaged(NotAVideo):
    """Raised when a file is no MP4 that can be played, and why."""


@dataclass(frozen=True, slots=True)
class Box:
    """One of the outermost boxes, by where it is."""

    name: bytes
    begin: int
    """Of what is in it."""
    end: int


def outermost(stream: BinaryIO, size: int) -> Iterator[Box]:
    """The outermost boxes of a file of `size` bytes. Raises Damaged."""
    at = 0
    while at < size:
        stream.seek(at)
        name, head, length = _head(stream.read(LONG_HEAD))
        end = at + length if length else size
        if end > size:
            raise Damaged(f"it is cut short: {size:,} bytes are there, and it has {end:,}")
        if end < at + head:
            raise Damaged(f"a box says that it has {length} bytes")
        yield Box(name, at + head, end)
        at = end


def children(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes right within `data`, each as its name and what is in it. Raises Damaged."""
    at = 0
    while at + HEAD <= len(data):
        name, head, length = _head(bytes(data[at : at + LONG_HEAD]))
        end = at + length if length else len(data)
        if not at + head <= end <= len(data):
            raise Damaged(f"its box {name!r} is longer than the one that it is in")
        yield name, data[at + head : end]
        at = end


def child(data: memoryview, *path: bytes) -> memoryview | None:
    """What is in the first box of that path below `data`, if there is one."""
    found: memoryview | None = data
    for part in path:
        if found is None:
            return None
        found = next((inside for name, inside in children(found) if name == part), None)
    return found


def payload(data: memoryview, *path: bytes) -> memoryview:
    """Like `child`, of a box that must be there. Raises Damaged."""
    if (found := child(data, *path)) is None:
        raise Damaged(f"it has no box {b'/'.join(path).decode(errors='replace')}")
    return found


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of these parts."""
    data = b"".join(parts)
    return struct.pack(">I4s", HEAD + len(data), name) + data


def full(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def _head(data: bytes) -> tuple[bytes, int, int]:
    """Its name, the length of this head, and that of all; 0 where it goes on to the end."""
    if len(data) < HEAD:
        raise Damaged("it ends within a box")
    length, name = struct.unpack_from(">I4s", data)
    if length != 1:
        return name, HEAD, length
    if len(data) < LONG_HEAD:
        raise Damaged("it ends within a box")
    return name, LONG_HEAD, struct.unpack_from(">Q", data, HEAD)[0]
