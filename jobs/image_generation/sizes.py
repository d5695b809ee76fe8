"""How many pixels a picture has: those that Gemini's models give it, which local takes over."""

from __future__ import annotations

from typing import Literal

__all__ = ["Ratio", "Size", "pixels"]

Ratio = Literal["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]
Size = Literal["512", "1K", "2K", "4K"]

# https://ai.google.dev/gemini-api/docs/image-generation
_AT_512: dict[str, tuple[int, int]] = {
    "1:1": (512, 512),
    "3:2": (632, 424),
    "4:3": (600, 448),
    "5:4": (576, 464),
    "16:9": (688, 384),
    "21:9": (792, 336),
}
_TIMES: dict[str, int] = {"512": 1, "1K": 2, "2K": 4, "4K": 8}


def pixels(ratio: Ratio, size: Size) -> tuple[int, int]:
    """Width and height."""
    if ratio in _AT_512:
        width, height = _AT_512[ratio]
    else:
        across, down = ratio.split(":")
        height, width = _AT_512[f"{down}:{across}"]
    return _TIMES[size] * width, _TIMES[size] * height
