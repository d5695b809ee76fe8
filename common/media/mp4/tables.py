"""The tables of a track: how long each sample lasts, how large it is, and where."""

from __future__ import annotations

import struct
import sys
from array import array
from dataclasses import dataclass
from itertools import accumulate, pairwise, repeat
from typing import TYPE_CHECKING

from common.media.mp4.boxes import Damaged, child, payload

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Chunk", "Runs", "Tables", "read_tables", "repeated"]

MOST = 1_000_000
"""Samples of a track: more than four hours of picture at 60 a second."""

Runs = tuple[tuple[int, int], ...]
"""Equal values that follow one another: how many, and which."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Samples that lie behind one another in the file."""

    offset: int
    first: int
    """Its first sample, counted from 0."""
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tables:
    """What is said of a track's samples, of which there is one at least."""

    durations: Runs
    """How long each lasts, in the track's ticks, in the order of decoding."""
    shifts: Runs
    """How much later than it is decoded each is shown; empty where none is."""
    keys: array[int] | None
    """Samples, counted from 1, at which a decoder can begin; None where it can at all."""
    sizes: array[int]
    """Bytes."""
    chunks: tuple[Chunk, ...]

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self.sizes)

    @property
    def lasts(self) -> int:
        """Ticks of all samples together."""
        return sum(count * ticks for count, ticks in self.durations)

    @property
    def ends(self) -> list[int]:
        """How many bytes all samples before each have, and at last all of them."""
        return [0, *accumulate(self.sizes)]


def read_tables(stbl: memoryview) -> Tables:
    """The tables in a box `stbl`. Raises Damaged where they contradict one another."""
    sizes = _sizes(payload(stbl, b"stsz"))
    shifts, keys = child(stbl, b"ctts"), child(stbl, b"stss")
    tables = Tables(
        durations=_runs(payload(stbl, b"stts"), ">II"),
        shifts=_runs(shifts, ">Ii") if shifts else (),
        keys=_array(keys[8:], _count(keys)) if keys else None,
        sizes=sizes,
        chunks=tuple(_chunks(stbl, len(sizes))),
    )
    for runs in (tables.durations, tables.shifts):
        if runs and sum(count for count, _ in runs) != len(sizes):
            raise Damaged("its tables are of different numbers of samples")
    return tables


def repeated(runs: Runs) -> Iterator[int]:
    """Each value, as often as it is there."""
    for count, value in runs:
        yield from repeat(value, count)


def _count(data: memoryview, at: int = 4) -> int:
    if len(data) < at + 4:
        raise Damaged("a table of it is cut off")
    count = struct.unpack_from(">I", data, at)[0]
    if count > MOST:
        raise Damaged(f"a table of it has {count:,} lines")
    return int(count)


def _rows(data: memoryview, form: str) -> Iterator[tuple[int, ...]]:
    end = 8 + _count(data) * struct.calcsize(form)
    if end > len(data):
        raise Damaged("a table of it is cut off")
    return struct.iter_unpack(form, data[8:end])


def _runs(data: memoryview, form: str) -> Runs:
    return tuple((count, value) for count, value in _rows(data, form))


def _array(data: memoryview, count: int, code: str = "I") -> array[int]:
    found = array(code)
    if count * found.itemsize > len(data):
        raise Damaged("a table of it is cut off")
    found.frombytes(data[: count * found.itemsize])
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _sizes(data: memoryview) -> array[int]:
    count = _count(data, 8)
    if not count:
        raise Damaged("a track of it is empty")
    if same := struct.unpack_from(">I", data, 4)[0]:
        return array("I", [same]) * count
    return _array(data[12:], count)


def _offsets(stbl: memoryview) -> array[int]:
    if (wide := child(stbl, b"co64")) is not None:
        return _array(wide[8:], _count(wide), "Q")
    data = payload(stbl, b"stco")
    return _array(data[8:], _count(data))


def _chunks(stbl: memoryview, samples: int) -> Iterator[Chunk]:
    """`stsc` says from which chunk on each has how many samples."""
    offsets = _offsets(stbl)
    steps = [(row[0] - 1, row[1]) for row in _rows(payload(stbl, b"stsc"), ">III")]
    first = 0
    for (begin, count), (end, _) in pairwise([*steps, (len(offsets), 0)]):
        for number in range(begin, end):
            yield Chunk(offsets[number], first, count)
            first += count
            if first > samples:
                raise Damaged("its tables are of different numbers of samples")
    if first != samples:
        raise Damaged("its tables are of different numbers of samples")
