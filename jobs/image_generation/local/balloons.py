"""Hot-air balloons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import mix

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas
    from jobs.image_generation.local.colours import Palette

__all__ = ["balloons"]


def balloons(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Hot-air balloons, one near and two far."""
    for size, haze in ((0.045, 0.5), (0.06, 0.34), (0.12, 0.0)):
        x, y = dice.uniform(0.16, 0.84), dice.uniform(0.17, 0.38)
        _balloon(canvas, palette, x, y, size, haze)


def _balloon(  # noqa: PLR0913, PLR0917
    canvas: Canvas, palette: Palette, x: float, y: float, size: float, haze: float
) -> None:
    stripes = 9
    hues = (palette.accent, palette.light, mix(palette.sky[1], palette.near, 0.2))
    for stripe in range(stripes):
        left, right = (2 * (stripe + end) / stripes - 1 for end in (0, 1))
        points = []
        for side, steps in ((left, range(31)), (right, range(30, -1, -1))):
            for step in steps:
                t = step / 30
                u = math.sin(math.pi / 2 * side) * _swell(t)
                points.append(
                    (x + size * u / canvas.across, y + size * (2.5 * t - 1) / canvas.down)
                )
        hue = mix(hues[stripe % 3], palette.near, 0.26 * max(0.0, right))
        canvas.shape(
            points,
            [
                mix(mix(hue, palette.light, 0.2), palette.far, haze),
                mix(mix(hue, palette.near, 0.18), palette.far, haze),
            ],
        )
    dark = mix(palette.near, palette.far, haze)
    down = size / canvas.down
    wide = 0.17 * size / canvas.across
    top, foot = y + 1.78 * down, y + 2.05 * down
    ropes = [
        [
            (x + side * wide, y + 1.48 * down),
            (x + side * wide * 1.1, y + 1.48 * down),
            (x + side * wide * 0.95, top),
            (x + side * wide * 0.85, top),
        ]
        for side in (-1, 1)
    ]
    basket = [(x - wide, top), (x + wide, top), (x + 0.8 * wide, foot), (x - 0.8 * wide, foot)]
    canvas.shapes([*ropes, basket], [dark])


def _swell(t: float) -> float:
    """How wide the envelope is, from its top at 0 to its mouth at 1."""
    if t < 0.4:
        return math.sin(math.pi / 2 * math.pow(t / 0.4, 0.62))
    low = (t - 0.4) / 0.6
    return 0.17 + 0.83 * math.pow(math.cos(math.pi / 2 * low), 0.9)
