"""A picture out of a film."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from common.media.ffmpeg import FfmpegFailed, Running, Start
from common.media.inputs import reading
from common.media.probe import NotAVideo

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Drawing", "poster"]

SQUARE = "scale=trunc(iw*sar/2)*2:ih,setsar=1"


def poster(video: Path, target: Path, *, at: float, start: Start = subprocess.Popen) -> None:
    """Write the picture at `at` seconds of `video` as the JPEG `target`.

    Raises NotAVideo if there is none, and what `ffmpeg.run` raises.
    """
    drawing = Drawing(video, target, at=at, start=start)
    try:
        drawing.finish()
    finally:
        drawing.end()


class Drawing:
    """A poster that is on its way. Whoever begins one calls `end`, whatever comes of it."""

    def __init__(
        self,
        video: Path,
        target: Path,
        *,
        at: float,
        exact: bool = True,
        start: Start = subprocess.Popen,
    ) -> None:
        """`at`: seconds into `video`; not `exact`: the last one before that which needs no other
        to be decoded, which is far quicker."""
        self._video, self._target, self._at = video, target, at
        self._part = target.with_name(f"{target.name}.part")
        form = ["-map", "0:v:0", "-frames:v", "1", "-vf", SQUARE, "-c:v", "mjpeg", "-q:v", "2"]
        quick = [] if exact else ["-threads", "1", "-noaccurate_seek"]
        read = ["-v", "error", *reading(video, *quick, "-ss", f"{at:.3f}")]
        arguments = [*read, *form, "-f", "mjpeg", "-y"]
        self._ffmpeg = Running([*arguments, f"file:{self._part}"], start=start)

    def finish(self) -> None:
        """Have it done. Raises NotAVideo if there is no picture, and what `ffmpeg.run` raises."""
        for _ in self._ffmpeg.blocks():
            pass
        try:
            self._ffmpeg.said()
        except FfmpegFailed as error:
            if error.code < 0:
                raise
            why = f"{self._video.name} has no picture at {self._at:g} s: {error.said}"
            raise NotAVideo(why) from error
        self._part.replace(self._target)

    def end(self) -> None:
        """Leave nothing of it but the finished picture."""
        self._ffmpeg.end()
        self._part.unlink(missing_ok=True)
