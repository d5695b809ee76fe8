"""A picture out of a film."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from common.media.ffmpeg import FfmpegFailed, Start, run
from common.media.probe import NotAVideo
from common.media.unfinished import unfinished

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["poster"]


def poster(video: Path, target: Path, *, at: float, start: Start = subprocess.Popen) -> None:
    """Write the picture at `at` seconds of `video` as the JPEG `target`.

    Raises NotAVideo if there is none, and what `ffmpeg.run` raises.
    """
    form = ["-map", "0:v:0", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "2", "-f", "mjpeg", "-y"]
    with unfinished(target.with_name(f"{target.name}.part")) as part:
        try:
            seek = ["-v", "error", "-ss", f"{at:.3f}", "-i", f"file:{video}"]
            run([*seek, *form, f"file:{part}"], start=start)
        except FfmpegFailed as error:
            if error.code < 0:
                raise
            raise NotAVideo(f"{video.name} has no picture at {at:g} s: {error.said}") from error
        part.replace(target)
