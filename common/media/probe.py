"""What a video file holds, found by reading all of it rather than by believing its header."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from common.errors import RunjobsError
from common.media.ffmpeg import FfmpegFailed, Start, run
from common.media.inputs import reading

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Clip", "NotAVideo", "probe"]

# The `framecrc` format: a head, then a line a packet: stream, dts, pts, duration, size, checksum.
CLOCK = re.compile(r"^#tb 0: (\d+)/(\d+)$", re.MULTILINE)
SIZE = re.compile(r"^#dimensions 0: (\d+)x(\d+)$", re.MULTILINE)
PACKET = re.compile(r"^0, *-?\d+, *(-?\d+), *(\d+), *\d+, *0x", re.MULTILINE)
ENOUGH = 1 << 26
"""Bytes of such lines: more than a day of video."""


class NotAVideo(RunjobsError):
    """Raised when a file is not the video it should be: unreadable, empty or of another size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clip:
    """A video on disk, as probed from the file and not as asked for."""

    path: Path
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    duration: float
    """Seconds of picture."""
    frames: int


def probe(path: Path, *, start: Start = subprocess.Popen) -> Clip:
    """Read every packet of the first picture stream of `path`.

    Raises NotAVideo, and what `ffmpeg.run` raises if ffmpeg itself is at fault.
    """
    read = ["-v", "error", *reading(path), "-map", "0:v:0", "-c", "copy"]
    try:
        said = run([*read, "-f", "framecrc", "pipe:2"], start=start, keep=ENOUGH)
    except FfmpegFailed as error:
        if error.code < 0:
            raise
        raise NotAVideo(f"{path.name} is not a video: {error.said[-300:]}") from error
    return _clip(path, said)


def _clip(path: Path, said: str) -> Clip:
    clock, size = CLOCK.search(said), SIZE.search(said)
    packets = [(int(shown), int(lasts)) for shown, lasts in PACKET.findall(said)]
    if not (clock and size and packets):
        raise NotAVideo(f"{path.name} holds no picture: {said[-300:]}")
    ticks = max(shown + lasts for shown, lasts in packets) - min(shown for shown, _ in packets)
    return Clip(
        path=path,
        width=int(size[1]),
        height=int(size[2]),
        duration=float(ticks * Fraction(int(clock[1]), int(clock[2]))),
        frames=len(packets),
    )
