"""Pixels that shapes and lights are filled with: colours that change evenly, glows, grain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from jobs.image_generation.local.colours import RGB, mix

if TYPE_CHECKING:
    from random import Random

__all__ = ["GLOW", "field", "glow", "grained", "whole"]

GLOW = 96
_TILE = 256
_GRAIN = 3.0
"""The most by which a pixel is lighter or darker, of 255."""


def field(rows: Sequence[Sequence[RGB]], size: tuple[int, int]) -> Image.Image:
    """The colours of a coarse grid, smoothly over so many pixels."""
    bands = []
    for band in range(3):
        coarse = Image.new("F", (len(rows[0]), len(rows)))
        coarse.putdata([colour[band] for row in rows for colour in row])
        bands.append(coarse.resize(size, Image.Resampling.BICUBIC).convert("L"))
    return Image.merge("RGB", bands)


@lru_cache(maxsize=16)
def glow(fall: float) -> Image.Image:
    """A light by itself, so many pixels wide; `fall` tells how quickly it ends."""
    image = Image.new("F", (GLOW, GLOW))
    middle = (GLOW - 1) / 2
    image.putdata(
        [
            255 * max(0.0, 1 - math.hypot(x - middle, y - middle) / middle) ** fall
            for y in range(GLOW)
            for x in range(GLOW)
        ]
    )
    return image.convert("L")


def whole(colour: RGB) -> tuple[int, int, int]:
    """The colour that a pixel can have."""
    red, green, blue = (min(255, max(0, round(band))) for band in mix(colour, colour, 0))
    return red, green, blue


def grained(image: Image.Image, dice: Random) -> Image.Image:
    """With film grain."""
    # By the quantile of each byte: small throws are likelier than large ones.
    thrown = bytes(
        round(128 + _GRAIN * math.copysign(1 - math.sqrt(1 - abs(part)), part))
        for part in ((byte - 127.5) / 128 for byte in range(256))
    )
    tile = Image.frombytes("L", (_TILE, _TILE), dice.randbytes(_TILE * _TILE).translate(thrown))
    sheet = Image.new("L", image.size)
    for left in range(0, image.width, _TILE):
        for top in range(0, image.height, _TILE):
            sheet.paste(tile, (left, top))
    noise = Image.merge("RGB", (sheet, sheet, sheet))
    return ImageChops.add(image, noise, 1, -128)
