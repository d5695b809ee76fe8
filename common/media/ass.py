"""The subtitle format that libass draws, in which every moving word and shape is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.media import font
from common.media.ffmpeg import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["burnt", "colour", "line", "literal", "script"]


HEAD = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Main,{family},{size:.2f},&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,\
1,0,0,5,0,0,0,-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def script(width: int, height: int, size: float, lines: Iterable[str]) -> str:
    """A whole script for a frame of `width` x `height`, its type `size` pixels to the em."""
    head = HEAD.format(width=width, height=height, family=font.FAMILY, size=size * font.LINE)
    return head + "".join(f"{line}\n" for line in lines)


def line(layer: int, begin: float, end: float, text: str, *, margin: int = 0) -> str:
    """One event: `text` on the frames from `begin` up to, not including, `end`, in seconds.

    `margin`: how far from the edge that it stands at, in pixels.
    """
    return f"Dialogue: {layer},{_time(begin)},{_time(end)},Main,,0,0,{margin},,{text}"


def literal(text: str) -> str:
    r"""`text` with nothing in it that libass would obey: no {tags}, no \N."""
    apart = text.replace("\\", "\\\u2060")  # a word joiner: a backslash cannot be escaped
    return apart.replace("{", "\\{").replace("}", "\\}")


def colour(rgb: tuple[int, int, int]) -> str:
    """`rgb` as ASS writes it, blue first."""
    red, green, blue = rgb
    return f"&H{blue:02X}{green:02X}{red:02X}&"


def burnt(path: Path) -> str:
    """The filter which draws the script at `path`, with the shipped font before any other."""
    return f"ass=filename={escaped(path)}:fontsdir={escaped(font.FOLDER)}"


def _time(seconds: float) -> str:
    # Half a hundredth early, or rounding would put some events one frame late.
    hundredths = max(0, int(seconds * 100 - 0.5))
    whole, hundredths = divmod(hundredths, 100)
    minutes, whole = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{whole:02}.{hundredths:02}"
