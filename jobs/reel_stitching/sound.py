"""The sound of the reel: what each clip has of it, equally loud, in one film; and music below.

Each clip's sound is first heard by itself: its length is made that of its picture to the sample,
and its loudness is measured. To be equally loud it is then only turned up or down as a whole, so
what is quiet in a clip stays quieter than what is loud in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.media.crew import Crew, Task
from common.media.inputs import reading
from jobs.reel_stitching.looking import BadClip
from jobs.reel_stitching.timeline import RATE, length

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from common.media.ffmpeg import FfmpegFailed
    from common.runtime import Context
    from jobs.reel_stitching.params import ReelParams
    from jobs.reel_stitching.sources import Copies, Source
    from jobs.reel_stitching.timeline import Cut

__all__ = ["BadMusic", "Heard", "hear", "hear_music", "mix"]

LOUD = re.compile(r"^\s+I:\s+(-?[\d.]+) LUFS", re.MULTILINE)
SILENCE = -60.0
"""LUFS; what is quieter is not made louder."""
MOST_UP, MOST_DOWN = 20.0, -40.0
"""Decibels."""
BEGIN = "asetpts=PTS-{late:.6f}/TB"
"""A clip begins with its picture: with what there is of its sound by then, or with silence."""
STEREO = f"aresample={RATE}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo"
MEASURE = "ebur128=framelog=quiet"
S16 = "aformat=sample_fmts=s16"
QUIET = f"anullsrc=r={RATE}:cl=stereo"
LIMIT = "alimiter=limit=0.89:attack=5:release=80:level=disabled:latency=1"
DUCK = "sidechaincompress=threshold=0.03:ratio=8:attack=40:release=600"
ENCODED = "-c:a aac -b:a 192k -ac 2 -map_metadata -1 -fflags +bitexact -flags:a +bitexact -f mp4 -y"
FADE_OUT = 3.0
"""Seconds in which music ends."""


@dataclass(kw_only=True, slots=True)
class Heard:
    """A sound, brought to the reel's samples."""

    file: Path
    loudness: float = -70.0
    """LUFS."""

    def gain(self, wanted: float) -> float:
        """By how many decibels it is to be turned up."""
        if self.loudness < SILENCE:
            return 0.0
        return min(MOST_UP, max(MOST_DOWN, wanted - self.loudness))


class BadMusic(InvalidInput):
    """Raised when the music cannot be read."""

    def __init__(self, source: Source, why: str) -> None:
        super().__init__(f"The music {source.uri} cannot be used: {why}. Name another file.")


def hear(cuts: Sequence[Cut], crew: Crew, copies: Copies, run: Context) -> list[Heard | None]:
    """Have the crew listen to each clip that has a sound."""
    found: list[Heard | None] = []
    for index, cut in enumerate(cuts):
        look, heard = cut.look, Heard(file=run.folder / f"{index}.flac")
        found.append(heard if look.sound else None)
        if look.sound:
            exact = f"apad=whole_len={cut.samples},atrim=end_sample={cut.samples}"
            bad = partial(BadClip, look.number, look.source)
            begin = BEGIN.format(late=float(look.late))
            crew.add(_listening(look.source, heard, (begin, exact), copies, bad))
    return found


def hear_music(source: Source, crew: Crew, copies: Copies, run: Context) -> Heard:
    """Have the crew listen to the music."""
    heard = Heard(file=run.folder / "music.flac")
    crew.add(_listening(source, heard, ("anull", "anull"), copies, partial(BadMusic, source)))
    return heard


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


def _listening(
    source: Source,
    heard: Heard,
    ends: tuple[str, str],
    copies: Copies,
    bad: Callable[[str], Exception],
) -> Task:
    """`ends`: the filters with which it begins, and ends."""

    def begin() -> list[str]:
        chain = f"{ends[0]},{STEREO},{MEASURE},{S16},{ends[1]}"
        form = ["-map", "0:a:0", "-vn", "-af", chain, "-c:a", "flac"]
        plain = ["-map_metadata", "-1", "-f", "flac", "-y", f"file:{heard.file}"]
        return ["-v", "info", *reading(copies.path(source)), *form, *plain]

    def done(said: str) -> None:
        if measured := LOUD.findall(said):
            heard.loudness = float(measured[-1])
        copies.drop(source)

    def failed(error: FfmpegFailed) -> Exception:
        why = f"its sound cannot be decoded ({error.said[-200:]})"
        return error if error.code < 0 else bad(why)

    return Task(begin=begin, done=done, failed=failed)


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
