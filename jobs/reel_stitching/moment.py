"""Which picture of the reel is its poster, and how ffmpeg is told to find it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from common.media.mp4.tables import repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.media.mp4.film import Film
    from common.media.mp4.track import Track

__all__ = ["Moment", "asked", "telling"]

GOOD, MIDDLE = Fraction(1, 3), Fraction(9, 20)
"""Where it is, if nobody says where: in which film of the reel, and about where in that."""
AMID = Fraction(1, 5), Fraction(4, 5)
"""What part of a film shows what it is about: it may begin in black, and end so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A picture of one of the films."""

    film: int
    """Counted from 0."""
    at: Fraction
    """Seconds into its file, between this picture and the one beside it: seconds are rounded on
    the way, and must not come to lie behind the picture that is meant."""
    exact: bool
    """Whether it is the first picture from then on; else the last key frame before."""


def asked(films: Sequence[Film], at: Fraction) -> Moment:
    """The picture that is seen at that second of the reel."""
    number, begin = _film_at(films, at)
    return _seen(films, number, at - begin)


def telling(films: Sequence[Film]) -> Moment:
    """A picture amid a film, a third into the reel."""
    lasts = sum(film.picture.seconds for film in films)
    number, _ = _film_at(films, lasts * GOOD)
    film = films[number]
    wanted = film.picture.seconds * MIDDLE
    keys = [at for at in _keys(film) if AMID[0] < at / film.picture.seconds < AMID[1]]
    if not keys:
        return _seen(films, number, wanted)
    key = min(keys, key=lambda at: abs(at - wanted))
    return Moment(film=number, at=key + film.late + 1 / film.picture.rate / 2, exact=False)


def _film_at(films: Sequence[Film], at: Fraction) -> tuple[int, Fraction]:
    """The film that is seen then, and when it begins."""
    begins = accumulate((film.picture.seconds for film in films), initial=Fraction(0))
    return next((number, begin) for number, (begin, end) in enumerate(pairwise(begins)) if at < end)


def _seen(films: Sequence[Film], number: int, at: Fraction) -> Moment:
    film = films[number]
    times = sorted(_times(film.picture))
    index = max(0, bisect_right(times, at) - 1)
    between = (times[index] + times[index - 1]) / 2 + film.late if index else Fraction(0)
    return Moment(film=number, at=between, exact=True)


def _keys(film: Film) -> list[Fraction]:
    """When its key frames are seen; none where all frames are."""
    times = _times(film.picture)
    return [times[key - 1] for key in film.picture.tables.keys or ()]


def _times(track: Track) -> list[Fraction]:
    """When each sample is seen, in seconds, in the order of decoding."""
    tables = track.tables
    decoded = accumulate(repeated(tables.durations), initial=0)
    shifts = repeated(tables.shifts or ((tables.count, 0),))
    return [
        Fraction(at + shift - track.earliest, track.timescale)
        for at, shift in zip(decoded, shifts, strict=False)
    ]
