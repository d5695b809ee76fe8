"""A boat under sail."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import mix

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["boat"]


def boat(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """A boat under sail."""
    x, y, size = dice.uniform(0.2, 0.8), dice.uniform(0.605, 0.64), dice.uniform(0.11, 0.15)
    wide, high = size / canvas.across, size / canvas.down
    hull = [
        (x - 0.52 * wide, y - 0.1 * high),
        (x + 0.58 * wide, y - 0.1 * high),
        (x + 0.4 * wide, y + 0.08 * high),
        (x - 0.38 * wide, y + 0.08 * high),
    ]
    main = [
        (x + 0.02 * wide, y - 1.15 * high),
        *_belly(x, y, wide, high, 0.5),
        (x + 0.02 * wide, y - 0.16 * high),
    ]
    jib = [
        (x - 0.03 * wide, y - 1.02 * high),
        (x - 0.46 * wide, y - 0.17 * high),
        (x - 0.03 * wide, y - 0.17 * high),
    ]
    sail = mix(palette.light, palette.sky[-1], 0.15)
    canvas.shapes([main, jib], [sail, mix(sail, palette.accent, 0.45)])
    canvas.shape(hull, [mix(palette.near, palette.accent, 0.12), palette.near])
    glints = [
        canvas.round(
            x + dice.uniform(-0.3, 0.3) * wide,
            y + (0.14 + 0.09 * step) * high,
            (0.4 - 0.05 * step) * size,
            corners=24,
            flat=0.05,
        )
        for step in range(6)
    ]
    canvas.shapes(glints, [mix(sail, palette.near, 0.25)], 0.42)


def _belly(x: float, y: float, wide: float, high: float, reach: float) -> list[Point]:
    """The bulging edge of a sail."""
    return [
        (x + wide * (0.02 + reach * t + 0.1 * math.sin(math.pi * t)), y - high * (1.15 - 0.99 * t))
        for t in (step / 12 for step in range(1, 13))
    ]
