"""The prompt's words on the picture, as large as there is room for, and always legible."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from common.media import font
from common.media.words import clean, normal
from jobs.image_generation.local.colours import RGB, Palette, mix
from jobs.image_generation.local.lines import LEADING, Block, fitted

if TYPE_CHECKING:
    from jobs.image_generation.local.canvas import Canvas

__all__ = ["letter", "lettered"]

_WHITE = (255, 255, 255)
_MARGIN = 0.07
"""Of the shorter side."""
_DIM = 0.12
"""The most luminance behind white letters: a contrast of 6 to 1."""


def lettered(prompt: str) -> tuple[str, str]:
    """What of a prompt the shipped font draws, and the characters that it does not."""
    text = "".join(char for char in clean(prompt, lambda _: set()) if font.has(char))
    return text.strip(), "".join(sorted(set(normal(prompt)) - set(text) - {" "}))


def letter(canvas: Canvas, palette: Palette, text: str) -> None:
    """Set the text at the foot of the picture, on a ground dark enough for it."""
    if not text:
        return
    margin = _MARGIN * canvas.short
    block = fitted(text, canvas.width - 2 * margin, canvas)
    step = LEADING * block.size
    top = canvas.height - margin - step * len(block.lines)
    _darken(canvas, palette, top - 0.4 * block.size)
    _rule(canvas, palette, margin, top - 0.5 * block.size)
    _write(canvas, palette, block, margin, top, step)


def _darken(canvas: Canvas, palette: Palette, top: float) -> None:
    """No more than white letters need from there down."""
    box = (0, max(0, int(top)), canvas.width, canvas.height)
    under = canvas.image.crop(box).resize((24, 12), Image.Resampling.BOX)
    seen = [(r, g, b) for r, g, b in zip(*(band.tobytes() for band in under.split()), strict=True)]
    full = mix(palette.near, palette.sky[0], 0.4)
    for share in range(2, 21):
        filter = mix(_WHITE, full, share / 20)
        if all(_light(rgb, filter) <= _DIM for rgb in seen):
            break
    canvas.shade((top - 0.24 * canvas.short) / canvas.height, top / canvas.height, filter)


def _light(rgb: tuple[int, int, int], filter: RGB) -> float:
    """The relative luminance behind the filter, as WCAG has it."""
    red, green, blue = (
        math.pow(band * glass / 65025, 2.2) for band, glass in zip(rgb, filter, strict=True)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rule(canvas: Canvas, palette: Palette, x: float, y: float) -> None:
    wide, thick = 0.075 * canvas.short / canvas.width, 0.0062 * canvas.short / canvas.height
    left, high = x / canvas.width, y / canvas.height
    canvas.shape(
        [(left, high), (left + wide, high), (left + wide, high + thick), (left, high + thick)],
        [palette.accent],
    )


def _write(  # noqa: PLR0913, PLR0917
    canvas: Canvas, palette: Palette, block: Block, x: float, top: float, step: float
) -> None:
    face = _face(round(block.size))
    mask = Image.new("L", (canvas.width, canvas.height - int(top)))
    draw = ImageDraw.Draw(mask)
    for index, line in enumerate(block.lines):
        baseline = step * (index + 0.8) + top - int(top)
        draw.text((x, baseline), line, font=face, fill=255, anchor="ls")
    at = (0, int(top))
    soft = mask.filter(ImageFilter.GaussianBlur(0.1 * block.size))
    dark = tuple(round(band * 0.6) for band in palette.near)
    canvas.image.paste(dark, at, soft.point([round(0.7 * value) for value in range(256)]))
    canvas.image.paste(_WHITE, at, mask)


@lru_cache(maxsize=8)
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font.FILE), max(6, size))
