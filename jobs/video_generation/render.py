"""Renders a film of a prompt: its words, in time, over drifting light, with a sound of its own."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.media.ffmpeg import Start, run
from common.media.probe import Clip, NotAVideo, probe
from common.media.unfinished import unfinished
from common.media.words import clean, drawable, normal
from jobs.video_generation import background
from jobs.video_generation.scene import Scene
from jobs.video_generation.timeline import FPS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["Clip", "Start", "render"]

PAINTED = 0.15
"""The part of the progress that is painting the background; ffmpeg does the rest."""
SMALLEST = 64

# The number of threads changes what x264 writes: a fixed one, for the same film anywhere.
X264 = "-c:v libx264 -preset veryfast -crf 21 -chromaoffset -4 -profile:v high -threads:v 4"
PICTURE = "-pix_fmt yuv420p -g 60"
SOUND = "-c:a aac -b:a 160k"
PLAIN = "-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact"
ENCODED = f"{X264} {PICTURE} {SOUND} {PLAIN} -movflags +faststart -f mp4 -y".split()


def render(  # noqa: PLR0913
    *,
    prompt: str,
    seed: int,
    duration: float,
    width: int,
    height: int,
    folder: Path,
    progress: Callable[[float], None],
    start: Start = subprocess.Popen,
    left_out: Callable[[str], None] = lambda _: None,
) -> Clip:
    """Render `folder`/video.mp4: H.264 and AAC, `duration` seconds to within a frame.

    The same prompt and seed give the same film. `progress` is told the part done, 0 to 1; what
    it raises ends the rendering. `left_out` is told the characters, if any, that cannot be drawn.
    No file is left but the finished one.

    Raises InvalidInput, NotAVideo, and what `ffmpeg.run` raises.
    """
    scene = Scene(prompt=prompt, seed=seed, duration=duration, width=width, height=height)
    _check(scene)
    target, script = folder / "video.mp4", folder / "titles.ass"
    with (
        unfinished(script),
        unfinished(folder / "background.raw") as back,
        unfinished(folder / "video.part") as part,
    ):
        text = clean(prompt, partial(drawable, folder=folder, start=start))
        if missing := "".join(sorted(set(normal(prompt)) - set(text) - {" "})):
            left_out(missing)
        script.write_text(scene.script(text), encoding="utf-8")
        _paint(scene, back, progress)
        _film(scene, back, script, part, start=start, progress=progress)
        clip = _proven(scene, probe(part, start=start))
        part.replace(target)
    progress(1.0)
    return replace(clip, path=target)


def _check(scene: Scene) -> None:
    if min(scene.width, scene.height) < SMALLEST or scene.width % 2 or scene.height % 2:
        size = f"{scene.width}x{scene.height}"
        raise InvalidInput(f"{size} cannot be filmed: take even numbers from {SMALLEST} up")
    if not scene.duration >= 1 / FPS:
        raise InvalidInput(f"{scene.duration:g} s is shorter than one frame")


def _paint(scene: Scene, path: Path, progress: Callable[[float], None]) -> None:
    with path.open("wb") as file:
        for index, picture in enumerate(scene.pictures()):
            file.write(picture)
            if not index % FPS:
                progress(PAINTED * index / scene.times.frames)


def _film(  # noqa: PLR0913
    scene: Scene,
    back: Path,
    script: Path,
    target: Path,
    *,
    start: Start,
    progress: Callable[[float], None],
) -> None:
    def report(block: Mapping[str, str]) -> None:
        frames = int(block.get("frame", "0")) / scene.times.frames
        progress(PAINTED + (1 - PAINTED) * min(1.0, frames) * 0.99)

    columns, rows = background.grid(scene.width, scene.height)
    raw = [
        "-v",
        "warning",
        "-f",
        "rawvideo",
        "-pixel_format",
        background.PIXELS,
        "-framerate",
        str(FPS),
    ]
    made = ["-filter_complex", scene.graph(script), "-map", "[picture]", "-map", "[sound]"]
    size = ["-video_size", f"{columns}x{rows}"]
    run(
        [*raw, *size, "-i", f"file:{back}", *made, *ENCODED, f"file:{target}"],
        start=start,
        report=report,
    )


def _proven(scene: Scene, clip: Clip) -> Clip:
    wanted = (scene.width, scene.height, scene.times.frames)
    if (clip.width, clip.height, clip.frames) != wanted:
        found = f"{clip.width}x{clip.height} and {clip.frames} frames"
        raise NotAVideo(f"ffmpeg made {found} where {wanted[0]}x{wanted[1]}, {wanted[2]} were due")
    if abs(clip.duration - scene.duration) > 1 / FPS:
        raise NotAVideo(f"ffmpeg made {clip.duration:.3f} s where {scene.duration:.3f} s were due")
    return clip
