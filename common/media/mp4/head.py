"""All that stands before the samples: players can begin before they have the whole film."""

from __future__ import annotations

import struct
import sys
from array import array
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING

from common.media.mp4.boxes import box, children, full
from common.media.mp4.track import FIXED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.media.mp4.lanes import Lane
    from common.media.mp4.tables import Runs

__all__ = ["big", "ftyp", "moov"]

UNTURNED = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
NO_LANGUAGE = 0x55C4
SHOWN = 3
"""A track's flags: it is on, and belongs to the film."""
NAMES = {"picture": (b"vide", b"VideoHandler"), "sound": (b"soun", b"SoundHandler")}
HEADERS = {
    "picture": full(b"vmhd", bytes(8), flags=1),
    "sound": full(b"smhd", bytes(4)),
}
HERE = box(b"dinf", full(b"dref", struct.pack(">I", 1), full(b"url ", flags=1)))


def ftyp() -> bytes:
    """What kind of file it is."""
    return box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")


def moov(
    lanes: Sequence[Lane], counts: Sequence[Sequence[int]], code: str
) -> tuple[bytearray, list[int]]:
    """The tables of these lanes, of which each has chunks of so many samples.

    Where the chunks are is yet to be filled in, as an `array` of that code, big end first: the
    second is where, for each lane. The first lane's clock is the film's.
    """
    timescale = lanes[0].track.timescale
    lasts = [round(lane.lasts * timescale / lane.track.timescale) for lane in lanes]
    traks = [
        _trak(number, lane, span, count, code)
        for number, (lane, span, count) in enumerate(zip(lanes, lasts, counts, strict=True), 1)
    ]
    found = box(b"moov", _mvhd(timescale, max(lasts), len(lanes) + 1), *traks)
    # It is the last table of each.
    ends = accumulate((len(trak) for trak in traks), initial=len(found) - sum(map(len, traks)))
    width = array(code).itemsize
    return bytearray(found), [
        end - width * len(count) for (_, end), count in zip(pairwise(ends), counts, strict=True)
    ]


def _mvhd(timescale: int, lasts: int, following: int) -> bytes:
    fast = struct.pack(">IIIH10x", timescale, lasts, 1 << 16, 1 << 8)
    return full(b"mvhd", bytes(8), fast, UNTURNED, bytes(24), struct.pack(">I", following))


def _trak(number: int, lane: Lane, lasts: int, counts: Sequence[int], code: str) -> bytes:
    edit = struct.pack(">IIihh", 1, lasts, lane.begins, 1, 0)
    return box(
        b"trak",
        _tkhd(number, lane, lasts),
        box(b"edts", full(b"elst", edit)),
        box(b"mdia", _mdhd(lane), _hdlr(lane), _minf(lane, counts, code)),
    )


def _tkhd(number: int, lane: Lane, lasts: int) -> bytes:
    loud = 0x0100 if lane.track.kind == "sound" else 0
    group = 1 if lane.track.kind == "sound" else 0
    # Its times, its id, how long it lasts; its layer, its group, how loud it is.
    head = struct.pack(">8xI4xI8xHHHH", number, lasts, 0, group, loud, 0)
    return full(
        b"tkhd", head, lane.track.matrix, struct.pack(">II", *lane.track.shown), flags=SHOWN
    )


def _mdhd(lane: Lane) -> bytes:
    lasts = sum(count * ticks for count, ticks in lane.durations)
    clock = struct.pack(">8xIIHH", lane.track.timescale, lasts, NO_LANGUAGE, 0)
    return full(b"mdhd", clock)


def _hdlr(lane: Lane) -> bytes:
    kind, name = NAMES[lane.track.kind]
    return full(b"hdlr", bytes(4), kind, bytes(12), name, b"\0")


def _minf(lane: Lane, counts: Sequence[int], code: str) -> bytes:
    sizes, width = lane.sizes, array(code).itemsize
    tables = [
        full(b"stsd", struct.pack(">I", 1), _entry(lane)),
        _pairs(b"stts", lane.durations, ">II"),
        _pairs(b"ctts", lane.shifts, ">II") if lane.shifts else b"",
        b"" if (keys := lane.keys) is None else _numbers(b"stss", keys),
        _stsc(counts),
        full(b"stsz", struct.pack(">II", 0, len(sizes)), big(sizes)),
        _numbers(b"stco" if code == "I" else b"co64", array(code, bytes(width * len(counts)))),
    ]
    return box(b"minf", HEADERS[lane.track.kind], HERE, box(b"stbl", *tables))


def _entry(lane: Lane) -> bytes:
    """Without the bytes a second of the first film, which are not those of all."""
    entry, fixed = lane.track.entry, FIXED[lane.track.kind]
    parts = [
        box(name, bytes(inside))
        for name, inside in children(memoryview(entry)[8 + fixed :])
        if name != b"btrt"
    ]
    return box(lane.track.form, entry[8 : 8 + fixed], *parts)


def _stsc(counts: Sequence[int]) -> bytes:
    rows, chunk = [], 1
    for count, same in groupby(counts):
        rows.append(struct.pack(">III", chunk, count, 1))
        chunk += len(list(same))
    return full(b"stsc", struct.pack(">I", len(rows)), *rows)


def _pairs(name: bytes, runs: Runs, form: str) -> bytes:
    rows = [struct.pack(form, count, value) for count, value in runs]
    return full(name, struct.pack(">I", len(rows)), *rows)


def _numbers(name: bytes, numbers: array[int]) -> bytes:
    return full(name, struct.pack(">I", len(numbers)), big(numbers))


def big(numbers: array[int]) -> bytes:
    """Numbers as boxes have them."""
    if sys.byteorder == "big":
        return numbers.tobytes()
    turned = array(numbers.typecode, numbers)
    turned.byteswap()
    return turned.tobytes()
