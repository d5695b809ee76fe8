"""A rocket on its way up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import mix

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["rocket"]


def rocket(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """A rocket on its way up, with its trail."""
    x, y, size = dice.uniform(0.35, 0.65), dice.uniform(0.2, 0.28), 0.1
    turn = dice.uniform(-0.35, 0.35)

    def at(u: float, v: float) -> Point:
        return canvas.beside((x, y), size * u, size * v, turn)

    canvas.shape(
        [at(-0.14, 0.62), at(0.14, 0.62), at(0.05, 4.2), at(-0.05, 4.2)],
        [palette.light, palette.accent],
        0.3,
    )
    flame = [at(-0.13, 0.6), at(0, 1.35), at(0.13, 0.6)]
    canvas.glow(*at(0, 0.8), 1.6 * size, palette.accent, 0.8)
    canvas.shape(flame, [palette.light, palette.accent])
    fins = [
        [at(-0.2, 0.2), at(-0.45, 0.68), at(-0.16, 0.6)],
        [at(0.2, 0.2), at(0.45, 0.68), at(0.16, 0.6)],
    ]
    canvas.shapes(fins, [palette.accent, mix(palette.accent, palette.near, 0.4)])
    body = [
        at(0.24 * math.sin(math.pi * min(1, 0.12 + 0.62 * t)) ** 1.1 * side, -1 + 1.62 * t)
        for side, ts in ((1, range(25)), (-1, range(24, -1, -1)))
        for t in (s / 24 for s in ts)
    ]
    canvas.shape(body, [palette.light, mix(palette.light, palette.far, 0.35)])
    canvas.shape(
        canvas.round(*at(0, -0.25), 0.095 * size), [mix(palette.sky[1], palette.near, 0.3)]
    )
