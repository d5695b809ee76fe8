"""One track of a film: what its boxes say."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from common.media.mp4.boxes import Damaged, child, children, payload
from common.media.mp4.tables import Tables, read_tables, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Kind", "Track", "read_track"]

Kind = Literal["picture", "sound"]
KINDS: dict[bytes, Kind] = {b"vide": "picture", b"soun": "sound"}
FIXED: dict[Kind, int] = {"picture": 78, "sound": 28}
"""Bytes of a sample entry before the boxes in it."""
MOST_EDITS = 1_000
LOOKED_AT = 32
"""Samples among which the first one shown is."""
EDIT = {0: ">Iihh", 1: ">Qqhh"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """The picture of a film, or its sound."""

    kind: Kind
    form: bytes
    """What the samples are: avc1, hvc1, mp4a."""
    entry: bytes
    """What a decoder has to know, as the box that it is."""
    timescale: int
    """Ticks a second."""
    matrix: bytes
    """How the picture is to be turned."""
    shown: tuple[int, int]
    """How large the picture is to be shown, in 65536ths of a pixel."""
    width: int
    """Pixels, as coded; 0 for sound."""
    height: int
    tables: Tables
    earliest: int
    """The tick at which the first sample is shown that is."""
    edits: tuple[tuple[int, int, int], ...]
    """What is shown of it, each as how long, in the film's ticks; from which tick; how fast."""

    @property
    def seconds(self) -> Fraction:
        """How long all its samples last."""
        return Fraction(self.tables.lasts, self.timescale)

    @property
    def rate(self) -> Fraction:
        """Samples a second, in the middle."""
        return Fraction(self.tables.count) / self.seconds if self.seconds else Fraction(0)

    @property
    def steady(self) -> bool:
        """Whether all samples last equally long; the last one may differ."""
        runs = self.tables.durations
        return len(runs) == 1 or (len(runs) == 2 and runs[1][0] == 1)

    @property
    def begins(self) -> int:
        """The tick which is at the film's beginning."""
        return self.edits[-1][1] if self.edits else self.earliest

    @property
    def parts(self) -> dict[bytes, memoryview]:
        """The boxes in its sample entry."""
        return dict(children(memoryview(self.entry)[8 + FIXED[self.kind] :]))


def read_track(trak: memoryview) -> Track | None:
    """The track in a box `trak`; None where it is neither picture nor sound. Raises Damaged."""
    try:
        return _track(trak)
    except (struct.error, IndexError):
        raise Damaged("a box of it is cut off") from None


def _track(trak: memoryview) -> Track | None:
    handler = payload(trak, b"mdia", b"hdlr")
    if (kind := KINDS.get(bytes(handler[8:12]))) is None:
        return None
    stbl = payload(trak, b"mdia", b"minf", b"stbl")
    form, entry = _entry(payload(stbl, b"stsd"), kind)
    matrix, shown = _header(payload(trak, b"tkhd"))
    picture, tables = kind == "picture", read_tables(stbl)
    width, height = struct.unpack_from(">HH", entry, 32) if picture else (0, 0)
    return Track(
        kind=kind,
        form=form,
        entry=entry,
        timescale=_timescale(payload(trak, b"mdia", b"mdhd")),
        matrix=matrix,
        shown=shown,
        width=width,
        height=height,
        tables=tables,
        earliest=_earliest(tables),
        edits=tuple(_edits(child(trak, b"edts", b"elst"))),
    )


def _entry(stsd: memoryview, kind: Kind) -> tuple[bytes, bytes]:
    entries = list(children(stsd[8:]))
    if len(entries) != 1:
        raise Damaged(f"its {kind} is of {len(entries)} kinds")
    form, inside = entries[0]
    if len(inside) < FIXED[kind]:
        raise Damaged(f"what its {kind} is, is cut off")
    return form, struct.pack(">I4s", 8 + len(inside), form) + bytes(inside)


def _earliest(tables: Tables) -> int:
    if not tables.shifts:
        return 0
    decoded = accumulate(repeated(tables.durations), initial=0)
    shown = zip(range(LOOKED_AT), decoded, repeated(tables.shifts), strict=False)
    return min(at + shift for _, at, shift in shown)


def _timescale(mdhd: memoryview) -> int:
    found = int(struct.unpack_from(">I", mdhd, 20 if mdhd[0] else 12)[0])
    if not found:
        raise Damaged("its clock stands still")
    return found


def _header(tkhd: memoryview) -> tuple[bytes, tuple[int, int]]:
    at = 52 if tkhd[0] else 40
    width, height = struct.unpack_from(">II", tkhd, at + 36)
    return bytes(tkhd[at : at + 36]), (width, height)


def _edits(elst: memoryview | None) -> Iterator[tuple[int, int, int]]:
    if elst is not None:
        form = EDIT.get(elst[0], ">Iihh")
        count = min(struct.unpack_from(">I", elst, 4)[0], MOST_EDITS)
        for number in range(count):
            at = 8 + number * struct.calcsize(form)
            lasts, begins, fast, _ = struct.unpack_from(form, elst, at)
            yield lasts, begins, fast
