"""What each clip has of sound, heard by itself, and the music.

Its length is made that of its picture to the sample, and its loudness is measured. To be equally
loud it is then only turned up or down as a whole, so what is quiet in a clip stays quieter than
what is loud in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.media.crew import Crew, Task
from common.media.inputs import reading
from jobs.reel_stitching.looking import BadClip
from jobs.reel_stitching.timeline import RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from common.media.ffmpeg import FfmpegFailed
    from common.runtime import Context
    from jobs.reel_stitching.sources import Copies, Source
    from jobs.reel_stitching.timeline import Cut

__all__ = ["BadMusic", "Heard", "hear", "hear_music"]

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
        silent = "matches no streams" in error.said
        why = "it has no sound" if silent else f"its sound cannot be decoded ({error.reason})"
        return error if error.code < 0 else bad(why)

    return Task(begin=begin, done=done, failed=failed)
