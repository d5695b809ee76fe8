"""Films for the tests, and what can be read from one: its pictures, its sound, its boxes."""

from __future__ import annotations

import subprocess
from array import array
from typing import TYPE_CHECKING

from common.media.ffmpeg import executable
from jobs.video_generation.render import Clip, render

if TYPE_CHECKING:
    from pathlib import Path

PROMPT = "Lanterns drift over a quiet harbour"


def film(folder: Path, **given) -> Clip:
    """A film of one second, unless asked otherwise."""
    asked = {"prompt": PROMPT, "seed": 1, "duration": 1, "width": 320, "height": 180}
    folder.mkdir(exist_ok=True)
    return render(**asked | {"progress": lambda _: None} | given, folder=folder)


def decoded(path: Path, *arguments: str) -> bytes:
    argv = [executable(), "-v", "error", "-i", f"file:{path}", *arguments, "-"]
    return subprocess.run(argv, check=True, capture_output=True).stdout


def pictures(clip: Clip) -> list[bytes]:
    """Each frame's brightness, a byte a pixel."""
    raw = decoded(clip.path, "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "gray")
    size = clip.width * clip.height
    return [raw[at : at + size] for at in range(0, len(raw), size)]


def colours(clip: Clip, at: float) -> list[tuple[int, int, int]]:
    """The red, green and blue of each pixel of the frame at `at` seconds."""
    form = ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    raw = decoded(clip.path, "-ss", str(at), "-map", "0:v", *form)
    return list(zip(raw[::3], raw[1::3], raw[2::3], strict=True))


def samples(clip: Clip) -> array[int]:
    """The sound: left and right in turn, 16 bits, 48,000 of each a second."""
    return array("h", decoded(clip.path, "-map", "0:a", "-f", "s16le", "-ac", "2", "-ar", "48000"))


def boxes(path: Path) -> list[str]:
    """The names of the MP4's outermost boxes, in order."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        names.append(data[at + 4 : at + 8].decode())
        at += int.from_bytes(data[at : at + 4], "big")
    return names


def luminance(colour: tuple[int, int, int]) -> float:
    """The relative luminance of a colour, as WCAG 2 defines it."""
    parts = [channel / 255 for channel in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(bright: float, dark: float) -> float:
    """The contrast ratio of two luminances, as WCAG 2 defines it."""
    return (bright + 0.05) / (dark + 0.05)


def apart(one: bytes, other: bytes) -> float:
    """How much two pictures differ: the mean over their pixels, in steps of brightness."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
