"""Samples of many films in one row: the picture of the film that is made of them, or its sound."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from common.media.mp4.tables import Runs, part, together, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from common.media.mp4.track import Track

__all__ = ["Lane", "Piece", "Take", "pictures", "sounds", "whole"]

STRIDE = 0.5
"""Seconds of one track that lie together at most: a player has to read no farther ahead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Take:
    """Some samples of a track, one after the other."""

    source: int
    """Which of the files it is in."""
    track: Track
    first: int
    """Counted from 0."""
    end: int
    """Behind its last one."""
    longer: int = 0
    """By how many ticks its last sample is to last longer than it says."""

    @property
    def durations(self) -> Runs:
        """Of its samples, in ticks."""
        found = part(self.track.tables.durations, self.first, self.end)
        if not self.longer:
            return found
        last = found[-1][1]
        return (*part(found, 0, self.end - self.first - 1), (1, last + self.longer))


class Piece(NamedTuple):
    """Samples that lie behind one another in their file, and will in the film."""

    source: int
    offset: int
    length: int
    """Bytes."""
    samples: int
    """How many there are."""
    at: float
    """The second at which the first of them is decoded, about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """One track of the film that is to be."""

    takes: tuple[Take, ...]
    begins: int
    """The tick with which the film begins."""

    @property
    def track(self) -> Track:
        """What all of them are like."""
        return self.takes[0].track

    @property
    def durations(self) -> Runs:
        """How long each sample lasts."""
        return together(run for take in self.takes for run in take.durations)

    @property
    def shifts(self) -> Runs:
        """How much later than it is decoded each sample is shown, such that nothing is between."""
        if not any(take.track.tables.shifts for take in self.takes):
            return ()
        return together(run for take in self.takes for run in self._shifted(take))

    def _shifted(self, take: Take) -> Iterator[tuple[int, int]]:
        later = self.begins - take.track.earliest
        shifts = take.track.tables.shifts or ((take.track.tables.count, 0),)
        return ((count, shift + later) for count, shift in part(shifts, take.first, take.end))

    @property
    def keys(self) -> array[int] | None:
        """At which samples, counted from 1, a decoder can begin."""
        if all(take.track.tables.keys is None for take in self.takes):
            return None
        found, before = array("I"), 0
        for take in self.takes:
            keys = take.track.tables.keys
            every = range(1, take.track.tables.count + 1) if keys is None else keys
            found.extend(key + before - take.first for key in every if take.first < key <= take.end)
            before += take.end - take.first
        return found

    @property
    def sizes(self) -> array[int]:
        """Of the samples, in bytes."""
        found = array("I")
        for take in self.takes:
            found.extend(take.track.tables.sizes[take.first : take.end])
        return found

    @property
    def lasts(self) -> int:
        """Ticks that are seen or heard."""
        return total(self.durations) - self._unheard

    @property
    def _unheard(self) -> int:
        return self.begins if self.track.kind == "sound" else 0

    @property
    def pieces(self) -> list[Piece]:
        """Where the samples are, in their order."""
        found, at = list[Piece](), 0.0
        for take in self.takes:
            found += _pieces(take, at)
            at += total(take.durations) / take.track.timescale
        return found


def pictures(tracks: Sequence[Track]) -> Lane:
    """All pictures of these, which agree, one film behind the other."""
    takes = tuple(whole(track, source) for source, track in enumerate(tracks))
    # What is decoded before it is shown needs a head start; all have that of who needs the most.
    return Lane(takes=takes, begins=max(track.earliest for track in tracks))


def sounds(tracks: Sequence[Track], lengths: Sequence[Fraction]) -> Lane:
    """The sounds of films whose pictures last so many seconds each.

    A packet can be taken or left, but not cut: so each film's sound begins within half a packet
    (11 ms) of its picture, however many there are before. What an encoder puts before the sound
    that is to be heard is left away but for the first one's, which the film's edit passes over.
    """
    packet, rate = tracks[0].tables.durations[0][1], tracks[0].timescale
    begins = max(0, tracks[0].begins)
    takes: list[Take] = []
    there, end = -begins, Fraction(0)
    for source, (track, length) in enumerate(zip(tracks, lengths, strict=True)):
        end += length
        first = max(0, track.begins) // packet if source else 0
        wanted = max(1, round((end * rate - there) / packet))
        count = min(wanted, track.tables.count - first)
        lasts = total(part(track.tables.durations, first, first + count))
        longer = wanted * packet - lasts if source < len(tracks) - 1 else 0
        takes.append(
            Take(source=source, track=track, first=first, end=first + count, longer=longer)
        )
        there += lasts + longer
    return Lane(takes=tuple(takes), begins=begins)


def whole(track: Track, source: int) -> Take:
    """All of a track."""
    return Take(source=source, track=track, first=0, end=track.tables.count)


def _pieces(take: Take, at: float) -> Iterator[Piece]:
    tables = take.track.tables
    ends, seconds = tables.ends, float(take.track.seconds) / tables.count
    most = max(1, int(STRIDE / seconds))
    for offset, (first, last) in zip(tables.offsets, pairwise(tables.firsts), strict=True):
        begin = max(take.first, first)
        stop = min(take.end, last)
        while begin < stop:
            end = stop if stop - begin <= most else begin + most
            place, length = offset + ends[begin] - ends[first], ends[end] - ends[begin]
            yield Piece(take.source, place, length, end - begin, at)
            at += (end - begin) * seconds
            begin = end
