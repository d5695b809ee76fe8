"""Folds of a cloth, for words that name no scene."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import RGB, mix
from jobs.image_generation.local.noise import Noise
from jobs.image_generation.local.sky import along

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Piece, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["silk"]

_STRIPS, _STEPS = 480, 60
"""Of the cloth from fold to fold, and of each from side to side: so many that none is seen."""


def silk(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Folds of a cloth that flows from side to side, lit along its crests."""

    def ground(x: float, y: float) -> RGB:
        return mix(along(palette.sky, 0.75 * y + 0.25 * x), palette.near, 0.35 + 0.3 * y)

    canvas.cover(ground)
    canvas.glow(dice.uniform(0.2, 0.8), 0.2, 0.9, palette.sky[-1], 0.45, fall=1.6)
    slow, fine = Noise(dice), Noise(dice)
    rise = dice.uniform(-0.28, 0.28)

    def height(u: float, v: float) -> float:
        across = u * canvas.across
        flow = 0.17 * slow.at(1.3 * across + 0.9 * v) + 0.02 * fine.at(2.4 * across + 3 * v)
        wave = math.sin(math.tau * (0.9 * across + 1.35 * v) + 3 * slow.at(2 * v))
        return 0.16 + 0.7 * v + rise * (u - 0.5) + flow + 0.085 * wave

    def light(v: float) -> float:
        return 0.5 + 0.5 * math.sin(math.tau * (3.1 * v + 0.35 * fine.at(4 * v)))

    canvas.mosaic(_pieces(_rows(height), palette, light))


def _rows(height: Callable[[float, float], float]) -> list[list[Point]]:
    across = [step / _STEPS for step in range(_STEPS + 1)]
    down = [strip / _STRIPS for strip in range(_STRIPS + 1)]
    return [[(u, height(u, v)) for u in across] for v in down]


def _pieces(
    rows: list[list[Point]], palette: Palette, light: Callable[[float], float]
) -> Iterator[Piece]:
    colours = (*palette.sky, palette.accent)
    for strip, (upper, lower) in enumerate(pairwise(rows)):
        v = strip / _STRIPS
        colour = along(colours, 0.08 + 0.84 * v)
        dark, bright = mix(colour, palette.near, 0.5), mix(colour, palette.light, 0.42)
        lit = mix(dark, bright, light(v) ** 1.5)
        top, bottom = min(y for _, y in upper), max(y for _, y in lower)
        for (a, d), (b, c) in zip(pairwise(upper), pairwise(lower), strict=True):
            # What hangs lower is a little darker.
            yield (a, d, c, b), mix(lit, palette.near, 0.16 * (a[1] - top) / (bottom - top))
