"""One film of many, as a stream: its tables are made anew, its samples copied as they are."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.media.mp4.head import big, ftyp, moov

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from common.media.mp4.lanes import Lane, Piece

__all__ = ["Reel", "Span", "laid_out"]

NARROW = (1 << 32) - (64 << 20)
"""Bytes that offsets of 32 bits reach, behind tables of any length."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of one of the files."""

    source: int
    offset: int
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reel:
    """A film that can be written."""

    head: bytes
    """All before the samples."""
    spans: tuple[Span, ...]
    """Where the samples are, in the order in which they follow."""
    size: int
    """Bytes of all."""


def laid_out(lanes: Sequence[Lane]) -> Reel:
    """The film of these lanes, the picture's first."""
    row = _in_order(lanes)
    counts: list[list[int]] = [[] for _ in lanes]
    for piece, lane in row:
        counts[lane].append(piece.samples)
    data = sum(piece.length for piece, _ in row)
    code = "I" if data < NARROW else "Q"
    tables, places = moov(lanes, counts, code)
    kind, mdat = ftyp(), _mdat(data, code)
    offsets = _offsets(row, len(lanes), code, len(kind) + len(tables) + len(mdat))
    for place, numbers in zip(places, offsets, strict=True):
        table = big(numbers)
        tables[place : place + len(table)] = table
    head = kind + bytes(tables) + mdat
    spans = tuple(_spans(piece for piece, _ in row))
    return Reel(head=head, spans=spans, size=len(head) + data)


def _mdat(data: int, code: str) -> bytes:
    """The beginning of the box of all samples."""
    if code == "I":
        return struct.pack(">I4s", 8 + data, b"mdat")
    return struct.pack(">I4sQ", 1, b"mdat", 16 + data)


def _offsets(row: Sequence[tuple[Piece, int]], lanes: int, code: str, at: int) -> list[array[int]]:
    """Where the pieces of each lane begin, if the first one does there."""
    found = [array(code) for _ in range(lanes)]
    for piece, lane in row:
        found[lane].append(at)
        at += piece.length
    return found


def _in_order(lanes: Sequence[Lane]) -> list[tuple[Piece, int]]:
    """Each piece and its lane: by time; or as they lie in the files, where all have the same."""
    row = [(piece, number) for number, lane in enumerate(lanes) for piece in lane.pieces]
    sources = [[take.source for take in lane.takes] for lane in lanes]
    if all(each == sources[0] for each in sources):
        return sorted(row)  # by their files, and where they are in those
    return sorted(row, key=lambda one: one[0].at)


def _spans(pieces: Iterable[Piece]) -> Iterator[Span]:
    """What lies together is read together."""
    source, offset, length = -1, 0, 0
    for piece in pieces:
        if piece.source == source and piece.offset == offset + length:
            length += piece.length
            continue
        if length:
            yield Span(source, offset, length)
        source, offset, length = piece.source, piece.offset, piece.length
    if length:
        yield Span(source, offset, length)
