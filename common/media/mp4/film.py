"""A whole MP4, by what its boxes say: nothing is decoded, and little is read."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from operator import add
from typing import BinaryIO

from common.media.mp4.boxes import Box, Damaged, child, children, outermost, payload
from common.media.mp4.track import Kind, Track, read_track

__all__ = ["Film", "Fragmented", "NotMp4", "read_film", "read_sound"]

MOST = 64 << 20
"""Bytes of all tables."""
BEGINNINGS = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"sidx"}
PROTECTED = {b"encv", b"enca"}


class NotMp4(Damaged):
    """Raised when a file is of another kind, and may be a film all the same."""


class Fragmented(NotMp4):
    """Raised when an MP4 is in pieces, each with tables of its own, as streaming has them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Film:
    """An MP4 with a picture."""

    size: int
    """Bytes."""
    timescale: int
    """Ticks a second, of edits."""
    picture: Track
    sound: Track | None
    others: int
    """Tracks of it that are passed over: a second sound, subtitles, timecode."""

    @property
    def seconds(self) -> Fraction:
        """How long its picture is seen, which edits may make shorter than all of it."""
        whole = self.picture.seconds
        edits = [(lasts, begins) for lasts, begins, _ in self.picture.edits if begins >= 0]
        if not edits or not all(lasts for lasts, _ in edits):
            return whole
        edited = sum((self._shown(*edit) for edit in edits), Fraction(0))
        # A film's clock is often slower than its picture's: that is no cut.
        return whole if abs(edited - whole) <= whole / self.picture.tables.count else edited

    def _shown(self, lasts: int, begins: int) -> Fraction:
        """Some say that they last longer than what there is to be seen."""
        there = self.picture.tables.lasts + self.picture.earliest - begins
        return min(Fraction(lasts, self.timescale), Fraction(max(0, there), self.picture.timescale))

    @property
    def late(self) -> Fraction:
        """How many seconds after the film's beginning its picture begins."""
        begins = [self._begins(track) for track in (self.picture, self.sound) if track]
        return begins[0] - min(begins)

    def _begins(self, track: Track) -> Fraction:
        if not track.edits:
            return Fraction(track.earliest, track.timescale)
        lasts, begins, _ = track.edits[0]
        return Fraction(lasts, self.timescale) if begins < 0 else Fraction(0)


def read_film(stream: BinaryIO, size: int) -> Film:
    """The film in a stream of `size` bytes. Raises NotMp4, or Damaged, which says what is wrong."""
    timescale, tracks, count = _tracks(stream, size)
    if (picture := _first(tracks, "picture")) is None:
        raise Damaged("it has no picture")
    if not (picture.width and picture.height):
        raise Damaged("its picture has no size")
    sound = _first(tracks, "sound")
    others = count - 1 - (sound is not None)
    return Film(size=size, timescale=timescale, picture=picture, sound=sound, others=others)


def read_sound(stream: BinaryIO, size: int) -> Track:
    """The sound in a stream of `size` bytes, with or without a picture. Raises like `read_film`."""
    if (sound := _first(_tracks(stream, size)[1], "sound")) is None:
        raise Damaged("it has no sound")
    return sound


def _tracks(stream: BinaryIO, size: int) -> tuple[int, list[Track], int]:
    """The film's clock, its pictures and sounds, and how many tracks there are of any kind."""
    moov = _moov(stream, size)
    if child(moov, b"mvex") is not None:
        raise Fragmented("it is in fragments")
    header = payload(moov, b"mvhd")
    try:
        timescale = struct.unpack_from(">I", header, 20 if header[0] else 12)[0]
    except (struct.error, IndexError):
        raise Damaged("a box of it is cut off") from None
    traks = [inside for name, inside in children(moov) if name == b"trak"]
    tracks = [track for trak in traks if (track := read_track(trak))]
    for track in tracks:
        _check(track, size)
    return timescale or 1, tracks, len(traks)


def _first(tracks: list[Track], kind: Kind) -> Track | None:
    return next((track for track in tracks if track.kind == kind), None)


def _moov(stream: BinaryIO, size: int) -> memoryview:
    if size == 0:
        raise Damaged("it is empty")
    stream.seek(0)
    if stream.read(8)[4:8] not in BEGINNINGS:
        raise NotMp4("it is no MP4")
    found: list[Box] = [one for one in outermost(stream, size) if one.name == b"moov"]
    if not found:
        raise Damaged("it is an MP4 without its tables (moov): writing it was never finished")
    if found[0].end - found[0].begin > MOST:
        raise Damaged("its tables have more than 64 MiB")
    stream.seek(found[0].begin)
    return memoryview(stream.read(found[0].end - found[0].begin))


def _check(track: Track, size: int) -> None:
    if track.form in PROTECTED:
        raise Damaged(f"its {track.kind} is encrypted")
    if not track.tables.lasts:
        raise Damaged(f"its {track.kind} lasts no time")
    ends, firsts = track.tables.ends, track.tables.firsts
    lengths = [ends[end] - ends[first] for first, end in pairwise(firsts)]
    last = max(map(add, track.tables.offsets, lengths))
    if last > size:
        raise Damaged(f"its {track.kind} is cut short: {size:,} of {last:,} bytes are there")
