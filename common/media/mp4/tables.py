"""The tables of a track: how long each sample lasts, how large it is, and where."""

from __future__ import annotations

import struct
import sys
from array import array
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise, repeat
from operator import itemgetter
from typing import TYPE_CHECKING

from common.media.mp4.boxes import Damaged, child, payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Runs", "Tables", "part", "read_tables", "repeated", "together", "total"]

MOST = 1_000_000
"""Samples of a track: more than four hours of picture at 60 a second."""

Runs = tuple[tuple[int, int], ...]
"""Equal values that follow one another: how many, and which."""


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
    offsets: array[int]
    """Where each chunk is: samples that lie behind one another in the file."""
    firsts: list[int]
    """The first sample of each chunk, counted from 0; and at last how many samples there are."""

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self.sizes)

    @property
    def lasts(self) -> int:
        """Ticks of all samples together."""
        return total(self.durations)

    @property
    def ends(self) -> list[int]:
        """How many bytes all samples before each have, and at last all of them."""
        return [0, *accumulate(self.sizes)]


def read_tables(stbl: memoryview) -> Tables:
    """The tables in a box `stbl`. Raises Damaged where they contradict one another."""
    sizes, offsets = _sizes(payload(stbl, b"stsz")), _offsets(stbl)
    shifts, keys = child(stbl, b"ctts"), child(stbl, b"stss")
    tables = Tables(
        durations=_runs(payload(stbl, b"stts"), ">II"),
        shifts=_runs(shifts, ">Ii") if shifts else (),
        keys=_array(keys[8:], _count(keys)) if keys else None,
        sizes=sizes,
        offsets=offsets,
        firsts=_firsts(stbl, len(offsets), len(sizes)),
    )
    for runs in (tables.durations, tables.shifts):
        if runs and sum(count for count, _ in runs) != len(sizes):
            raise Damaged("its tables are of different numbers of samples")
    return tables


def total(runs: Runs) -> int:
    """The sum of all values."""
    return sum(count * value for count, value in runs)


def part(runs: Runs, first: int, end: int) -> Runs:
    """The values from `first` up to `end`."""
    found, at = [], 0
    for count, value in runs:
        if (among := min(at + count, end) - max(at, first)) > 0:
            found.append((among, value))
        at += count
    return tuple(found)


def together(runs: Iterable[tuple[int, int]]) -> Runs:
    """The same values, with as few lines as they take."""
    return tuple(
        (sum(count for count, _ in same), value) for value, same in groupby(runs, itemgetter(1))
    )


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


def _firsts(stbl: memoryview, chunks: int, samples: int) -> list[int]:
    """`stsc` says from which chunk on each has how many samples."""
    steps = [(row[0] - 1, row[1]) for row in _rows(payload(stbl, b"stsc"), ">III")]
    if not steps or steps[0][0] != 0:
        raise Damaged("its chunks are out of order")
    found, first = [0], 0
    for (begin, count), (end, _) in pairwise([*steps, (chunks, 0)]):
        if not begin <= end <= chunks or not count:
            raise Damaged("its chunks are out of order")
        last = first + (end - begin) * count
        found += range(first + count, last + 1, count)
        first = last
        if first > samples:
            break
    if first != samples:
        raise Damaged("its tables are of different numbers of samples")
    return found
