"""Whether the sounds of films can follow one another as they are, and if not, why not."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

from common.media.mp4.agreement import trimmed
from common.media.mp4.boxes import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from common.media.mp4.film import Film
    from common.media.mp4.track import Track

__all__ = ["why_not_sound"]

SHORT = Fraction(1, 20)
"""Seconds of silence that a joint may have."""
ES, DECODER, SPECIFIC = 3, 4, 5


def why_not_sound(films: Sequence[Film]) -> str:
    """Why the sounds of these films, all of which have one, cannot be joined as they are."""
    sounds = [film.sound for film in films]
    if None in sounds:
        return f"clip {sounds.index(None) + 1} has no sound"
    first = _heard(sounds[0]) if sounds[0] else None
    for number, film in enumerate(films, 1):
        if not film.sound or (why := _unfit_sound(film.sound, film)):
            return f"clip {number}: {why}"
        if _heard(film.sound) != first:
            return f"clip {number} has another kind of sound than clip 1"
    return ""


def _unfit_sound(track: Track, film: Film) -> str:
    if track.form != b"mp4a":
        return f"its sound is {track.form.decode(errors='replace')}"
    if not track.steady:
        return "its sound is in packets of differing lengths"
    heard = track.seconds - Fraction(track.begins, track.timescale)
    if heard < film.picture.seconds - SHORT:
        return "its sound is shorter than its picture"
    return trimmed(track, film, begins=max(0, track.begins))


def _heard(track: Track) -> tuple[object, ...]:
    channels, bits, _, rate = struct.unpack_from(">HHII", track.entry, 24)
    esds = track.parts.get(b"esds")
    lasts = track.tables.durations[0][1]
    return channels, bits, rate, track.timescale, lasts, _decoder(esds)


def _decoder(esds: memoryview | None) -> tuple[int, bytes] | None:
    """What kind of sound it is, and how its decoder is set up, without how many bytes a second."""
    if esds is None:
        return None
    try:
        stream = dict(_descriptors(esds[4:]))[ES]
        decoder = dict(_descriptors(stream[3 + _optional(stream[2]) :]))[DECODER]
        return decoder[0], bytes(dict(_descriptors(decoder[13:])).get(SPECIFIC, b""))
    except (KeyError, IndexError):
        raise Damaged("what its sound is, is cut off") from None


def _optional(flags: int) -> int:
    # A dependence on another stream, or a clock's: two bytes each. (A URL is in no file.)
    return 2 * bool(flags & 0x80) + 2 * bool(flags & 0x20)


def _descriptors(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Each as its tag and what is in it; its length is in groups of seven bits."""
    at = 0
    while at + 1 < len(data):
        tag, length = data[at], 0
        for _ in range(4):
            at += 1
            length = length << 7 | data[at] & 0x7F
            if not data[at] & 0x80:
                break
        at += 1
        yield tag, data[at : at + length]
        at += length
