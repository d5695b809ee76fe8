"""The sound of the reel: that of its clips, equally loud, in one film; and music below."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from common.media.crew import Task
from jobs.reel_stitching.timeline import RATE, length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from jobs.reel_stitching.hearing import Heard
    from jobs.reel_stitching.params import ReelParams
    from jobs.reel_stitching.timeline import Cut

__all__ = ["mix"]

QUIET = f"anullsrc=r={RATE}:cl=stereo"
LIMIT = "alimiter=limit=0.89:attack=5:release=80:level=disabled:latency=1"
DUCK = "sidechaincompress=threshold=0.03:ratio=8:attack=40:release=600"
ENCODED = "-c:a aac -b:a 192k -ac 2 -map_metadata -1 -fflags +bitexact -flags:a +bitexact -f mp4 -y"
FADE_OUT = 3.0
"""Seconds in which music ends."""


def mix(
    cuts: Sequence[Cut],
    heard: Sequence[Heard | None],
    music: Heard | None,
    params: ReelParams,
    file: Path,
) -> Task:
    """The task that makes the sound of the whole reel."""
    there = [one.file for one in heard if one]
    arguments = ["-v", "error"]
    for each in there:
        arguments += ["-i", f"file:{each}"]
    if music:
        arguments += ["-stream_loop", "-1", "-i", f"file:{music.file}"]
    level = params.loudness != "off"
    gains = [one.gain(params.lufs) if one and level else 0.0 for one in heard]
    links = [*_clips(cuts, heard, gains), *_joined(cuts)]
    if music:
        links += _below(len(there), music.gain(params.music_lufs), length(cuts), params)
    else:
        links.append(f"[clips]{LIMIT if any(gains) else 'anull'}[out]")
    made = ["-filter_complex", ";".join(links), "-map", "[out]", *ENCODED.split(), f"file:{file}"]

    def done(_: str) -> None:
        for each in [*there, *([music.file] if music else [])]:
            each.unlink()

    return Task(begin=lambda: [*arguments, *made], done=done)


def _clips(
    cuts: Sequence[Cut], heard: Sequence[Heard | None], gains: Sequence[float]
) -> Iterator[str]:
    number = 0
    for index, (cut, one, gain) in enumerate(zip(cuts, heard, gains, strict=True)):
        if one:
            yield f"[{number}:a]volume={gain:.2f}dB[s{index}]"
            number += 1
        else:
            yield f"{QUIET},atrim=end_sample={cut.samples}[s{index}]"


def _joined(cuts: Sequence[Cut]) -> Iterator[str]:
    """As the pictures are: one behind the other, or one fading into the next."""
    row = ["[s0]"]
    for index, (one, two) in enumerate(pairwise(cuts), 1):
        if shared := round(one.ends * RATE) - round(two.begins * RATE):
            yield f"{''.join(row)}concat=n={len(row)}:v=0:a=1[c{index}]"
            yield f"[c{index}][s{index}]acrossfade=ns={shared}:c1=qsin:c2=qsin[f{index}]"
            row = [f"[f{index}]"]
        else:
            row.append(f"[s{index}]")
    yield f"{''.join(row)}concat=n={len(row)}:v=0:a=1[clips]"


def _below(number: int, gain: float, seconds: Fraction, params: ReelParams) -> list[str]:
    """Music as long as the reel, which ends softly, and gives way to what the clips have to say."""
    fade = min(FADE_OUT, float(seconds) / 2)
    fit = f"atrim=end={float(seconds):.6f},afade=t=out:st={float(seconds) - fade:.6f}:d={fade:.6f}"
    music = f"[{number}:a]volume={gain:.2f}dB,{fit}"
    both = f"amix=inputs=2:duration=first:normalize=0,{LIMIT}[out]"
    if not params.ducking:
        return [f"{music}[below]", f"[clips][below]{both}"]
    return [
        f"{music}[music]",
        "[clips]asplit[over][key]",
        f"[music][key]{DUCK}[below]",
        f"[over][below]{both}",
    ]
