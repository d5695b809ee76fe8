"""Whether pictures can follow one another as they are, and if not, why not."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from common.media.mp4.film import Film
    from common.media.mp4.track import Track

__all__ = ["aspect", "colour", "disagreement", "trimmed", "turn"]

RATES = {b"btrt"}
"""What is said of how many bytes a second there are: it binds no decoder."""
QUICKEST = 300_000
"""Ticks a second that two hours of film fit in 32 bits with."""
TURNS = {(0, 1, -1, 0): 90, (-1, 0, 0, -1): 180, (0, -1, 1, 0): 270}
PICTURES = {b"avc1", b"avc3", b"hvc1", b"hev1", b"av01", b"vp09"}
CONFIGS = {b"avcC", b"hvcC", b"av1C", b"vpcC"}


def disagreement(films: Sequence[Film]) -> str:
    """Why the pictures of these films, counted from 1, cannot be joined as they are; or nothing."""
    first = _traits(films[0].picture)
    for number, film in enumerate(films, 1):
        if why := _unfit(film.picture, film):
            return f"clip {number}: {why}"
        for name, value in _traits(film.picture).items():
            if value != first[name]:
                return f"clip {number} has another {name} than clip 1" + _told(value, first[name])
    return ""


def turn(track: Track) -> int:
    """By how many degrees, clockwise, the picture is to be turned to be looked at."""
    a, b, _, c, d, *_ = struct.unpack(">9i", track.matrix)
    return TURNS.get((a >> 16, b >> 16, c >> 16, d >> 16), 0)


def aspect(track: Track) -> Fraction:
    """How much wider than high a pixel is."""
    pasp = track.parts.get(b"pasp")
    wide, high = struct.unpack(">II", pasp[:8]) if pasp and len(pasp) >= 8 else (1, 1)
    return Fraction(wide, high) if wide and high else Fraction(1)


def colour(track: Track) -> tuple[int, int, int] | None:
    """Primaries, transfer and matrix, by the numbers of ISO/IEC 23091-2, where they are said."""
    colr = track.parts.get(b"colr")
    if not colr or len(colr) < 10 or bytes(colr[:4]) not in {b"nclx", b"nclc"}:
        return None
    primaries, transfer, matrix = struct.unpack_from(">HHH", colr, 4)
    return primaries, transfer, matrix


def _traits(track: Track) -> Mapping[str, object]:
    parts = {name: bytes(inside) for name, inside in track.parts.items() if name not in RATES}
    config = {name: parts.pop(name) for name in CONFIGS & parts.keys()}
    return {
        "codec": track.form.decode(errors="replace"),
        "size": f"{track.width}x{track.height}",
        "shape of pixels": str(aspect(track)),
        "clock": track.timescale,
        "frame rate": f"{float(track.rate):.4g}" if track.steady else "a varying one",
        "length of a frame": track.tables.durations[0][1] if track.steady else 0,
        "turn": track.matrix[:20],
        "frame": track.shown,
        "set-up of its decoder": config,
        "colour, or another trait": parts,
    }


def _told(value: object, first: object) -> str:
    return f" ({value}, not {first})" if isinstance(value, str | int) else ""


def _unfit(track: Track, film: Film) -> str:
    if track.form not in PICTURES:
        return f"{track.form.decode(errors='replace')} is not joined as it is"
    if track.timescale > QUICKEST:
        return f"its clock has {track.timescale:,} ticks a second"
    if track.tables.keys is not None and (not track.tables.keys or track.tables.keys[0] != 1):
        return "it does not begin with a key frame"
    if not track.tables.durations[0][1]:
        return "its first frame lasts no time"
    return trimmed(track, film, begins=track.earliest)


def trimmed(track: Track, film: Film, *, begins: int) -> str:
    """Edits may say where a film begins, as encoders have it begin late, but cut nothing off."""
    if not track.edits:
        return ""
    lasts, begin, fast = track.edits[0]
    if len(track.edits) > 1 or fast != 1 or begin != begins:
        return f"its {track.kind} is edited"
    frame = Fraction(track.tables.durations[0][1], track.timescale)
    whole = track.seconds - Fraction(begin, track.timescale if track.kind == "sound" else 10**12)
    if lasts and Fraction(lasts, film.timescale) < whole - max(2 * frame, Fraction(1, 500)):
        return f"its {track.kind} is cut by an edit"
    return ""
