"""The prompt's words on the picture, as large as there is room for, and always legible."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from common.media import font
from common.media.words import Word, clean, excerpt, normal, split
from jobs.image_generation.local.colours import RGB, Palette, mix

if TYPE_CHECKING:
    from jobs.image_generation.local.canvas import Canvas

__all__ = ["letter", "lettered"]

_WHITE = (255, 255, 255)
_LEADING = 1.16
_MARGIN = 0.07
"""Of the shorter side."""
_LARGEST, _SMALLEST = 0.1, 0.034
"""Sizes of type, of the shorter side."""
_ROOM = 0.34
"""Of the height, that words may take."""
_DIM = 0.12
"""The most luminance behind white letters: a contrast of 6 to 1."""
_SPACE = font.width(" ")
_TITLE = 220
"""Letters: what is longer is cut with an ellipsis, as it is no title any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    size: float
    """Of the type, in pixels."""
    lines: list[str]


def lettered(prompt: str) -> tuple[str, str]:
    """What of a prompt the shipped font draws, and the characters that it does not."""
    text = "".join(char for char in clean(prompt, lambda _: set()) if font.has(char))
    return text.strip(), "".join(sorted(set(normal(prompt)) - set(text) - {" "}))


def letter(canvas: Canvas, palette: Palette, text: str) -> None:
    """Set the text at the foot of the picture, on a ground dark enough for it."""
    if not text:
        return
    margin = _MARGIN * canvas.short
    block = _fitted(excerpt(split(text), _TITLE), canvas.width - 2 * margin, canvas)
    step = _LEADING * block.size
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
    canvas: Canvas, palette: Palette, block: _Block, x: float, top: float, step: float
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


def _fitted(words: list[Word], room: float, canvas: Canvas) -> _Block:
    """The largest type in which all words find room; of the smallest as many as do."""
    size, most = _LARGEST * canvas.short, _ROOM * canvas.height
    smallest = _SMALLEST * canvas.short
    # Wide lines are hard to read: no more than about 46 letters.
    while size > smallest:
        lines = _wrapped(words, min(room / size, 24))
        if len(lines) * _LEADING * size <= most and _longest(words) * size <= room:
            return _Block(size=size, lines=_even(words, min(room / size, 24), len(lines)))
        size *= 0.95
    letters = _TITLE
    while letters > 10:
        shown = excerpt(words, letters)
        lines = _wrapped(shown, room / smallest)
        if len(lines) * _LEADING * smallest <= most:
            return _Block(size=smallest, lines=lines)
        letters = round(letters * 0.9)
    return _Block(size=smallest, lines=lines[:1])


def _longest(words: list[Word]) -> float:
    return max(font.width(word.text) for word in words)


def _even(words: list[Word], room: float, count: int) -> list[str]:
    """In as many lines, of about the same length: none with a single short word at the end."""
    low, high = 0.0, room
    for _ in range(10):
        middle = (low + high) / 2
        if middle >= _longest(words) and len(_wrapped(words, middle)) <= count:
            high = middle
        else:
            low = middle
    return _wrapped(words, high)


def _wrapped(words: list[Word], room: float) -> list[str]:
    """Lines that are at most so many ems wide."""
    lines: list[str] = []
    left = -1.0
    for word in words:
        need = font.width(word.text)
        gap = _SPACE if word.spaced else 0.0
        if not lines or left < gap + need:
            lines.append(word.text)
            left = room - need
        else:
            lines[-1] += " " * word.spaced + word.text
            left -= gap + need
    return lines
