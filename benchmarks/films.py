"""Films to join, and ffmpeg alone joining them."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from common.media.ffmpeg import executable

__all__ = ["agreeing", "concatenated", "copied", "differing"]

_COPIED = 24
_SHAPES = (("1280x720", 30), ("1920x1080", 30), ("720x1280", 30), ("854x480", 25))
_X264 = "-c:v libx264 -preset veryfast -crf 20 -profile:v high -pix_fmt yuv420p -g 60"
_MADE = f"{_X264} -c:a aac -b:a 192k -ar 48000 -ac 2".split()


def agreeing(folder: Path) -> list[Path]:
    """24 clips of 1080p."""
    films = []
    for number in range(4):
        films.append(folder / f"same-{number}.mp4")
        _film(films[-1], "1920x1080", 30, 8, number, "-b:v 6M -maxrate 6M -bufsize 12M")
    return films * (_COPIED // len(films))


def differing(folder: Path) -> list[Path]:
    """Four clips of four shapes and two rates."""
    films = []
    for number, (size, rate) in enumerate(_SHAPES):
        films.append(folder / f"other-{number}.mp4")
        _film(films[-1], size, rate, 2, number, "-crf 18")
    return films


def _film(path: Path, size: str, rate: int, seconds: int, number: int, bits: str) -> None:  # noqa: PLR0913, PLR0917
    """Something that moves, with a grain that is hard to encode, and a tone."""
    picture = f"testsrc2=s={size}:r={rate}:d={seconds},hue=h={40 * number},noise=alls=6:allf=t"
    sound = f"sine={300 + 40 * number}:r=48000:d={seconds},aformat=channel_layouts=stereo"
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
    form = ["-c:v", "libx264", "-preset", "ultrafast", *bits.split(), "-g", "60", "-c:a", "aac"]
    _ffmpeg(*inputs, *form, "-pix_fmt", "yuv420p", str(path))


def copied(clips: list[Path], target: Path) -> float:
    """Joined as they are; seconds."""
    script = target.with_suffix(".txt")
    script.write_text("".join(f"file '{clip}'\n" for clip in clips))
    return _ffmpeg("-f", "concat", "-safe", "0", "-i", str(script), "-c", "copy", str(target))


def concatenated(clips: list[Path], target: Path) -> float:
    """Scaled, padded and joined in one filter graph; seconds."""
    inputs = [word for clip in clips for word in ("-i", str(clip))]
    fit = "scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2"
    chain = f"fps=30,{fit},pad=1280:720:-1:-1,setsar=1,format=yuv420p"
    links = [f"[{number}:v]{chain}[v{number}]" for number in range(len(clips))]
    pairs = "".join(f"[v{number}][{number}:a]" for number in range(len(clips)))
    graph = ";".join([*links, f"{pairs}concat=n={len(clips)}:v=1:a=1[v][a]"])
    return _ffmpeg(
        *inputs, "-filter_complex", graph, "-map", "[v]", "-map", "[a]", *_MADE, str(target)
    )


def _ffmpeg(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [executable(), "-v", "error", "-nostdin", "-y", *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began
