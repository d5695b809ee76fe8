"""What any file that ffmpeg reads holds, by reading all of it; an MP4's boxes are far quicker."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from common.media.ffmpeg import FfmpegFailed, Start, run
from common.media.inputs import reading
from common.media.probe import NotAVideo

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Survey", "survey"]

HEAD = re.compile(r"^#(tb|media_type|codec_id|dimensions|sar) (\d+): (\S+)", re.MULTILINE)
PACKET = re.compile(r"^(\d+), *-?\d+, *(-?\d+), *(\d+), *\d+, *0x", re.MULTILINE)
TURNED = re.compile(r"rotation of (-?[\d.]+) degrees")
ENOUGH = 1 << 26
"""Bytes of such lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """The picture of a file, as it is to be looked at, and whether there is sound."""

    width: int
    """Pixels, turned and stretched as the file asks for."""
    height: int
    seconds: Fraction
    """Of picture."""
    rate: Fraction
    """Frames a second, in the middle."""
    sound: bool
    late: Fraction
    """How many seconds after the file's beginning its picture begins."""


def survey(path: Path, *, start: Start = subprocess.Popen) -> Survey:
    """Read every packet of the first picture and the first sound of `path`.

    Raises NotAVideo, and what `ffmpeg.run` raises if ffmpeg itself is at fault.
    """
    streams = ["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy"]
    try:
        said = run(
            ["-v", "info", *reading(path), *streams, "-f", "framecrc", "pipe:2"],
            start=start,
            keep=ENOUGH,
        )
    except FfmpegFailed as error:
        if error.code < 0:
            raise
        raise NotAVideo(_why(error.said)) from error
    return _survey(said)


def _survey(said: str) -> Survey:
    heads = {(name, number): value for name, number, value in HEAD.findall(said)}
    packets = [(int(at), int(lasts)) for number, at, lasts in PACKET.findall(said) if number == "0"]
    if not packets or ("dimensions", "0") not in heads:
        raise NotAVideo("it holds no picture")
    first = min(at for at, _ in packets)
    clock = Fraction(heads["tb", "0"])
    seconds = (max(at + lasts for at, lasts in packets) - first) * clock
    if not seconds:
        raise NotAVideo("its picture lasts no time")
    width, height = _shown(heads, said)
    return Survey(
        width=width,
        height=height,
        seconds=seconds,
        rate=len(packets) / seconds,
        sound=("tb", "1") in heads,
        late=first * clock,
    )


def _shown(heads: dict[tuple[str, str], str], said: str) -> tuple[int, int]:
    width, height = (int(side) for side in heads["dimensions", "0"].split("x"))
    wide, high = (int(part) for part in heads.get(("sar", "0"), "1/1").split("/"))
    width = round(width * wide / high) if wide and high else width
    turned = TURNED.search(said)
    return (height, width) if turned and round(float(turned[1])) % 180 else (width, height)


def _why(said: str) -> str:
    if "matches no streams" in said:
        return "it holds no picture"
    if "not on whitelist" in said or "Invalid data found" in said:
        return "it is no film of a kind that is read here"
    return said[-200:]
