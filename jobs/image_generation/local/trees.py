"""Trees: one with leaves, and slopes of firs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import mix, tone
from jobs.image_generation.local.noise import Noise

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["firs", "tree"]


def tree(canvas: Canvas, dice: Random, x: float, y: float, tall: float) -> list[list[Point]]:
    """A leaf tree, as high as that, from its foot upwards."""
    shapes: list[list[Point]] = []

    def grow(x: float, y: float, angle: float, length: float, thick: float, depth: int) -> None:  # noqa: PLR0913, PLR0917
        x2 = x + length * math.sin(angle) / canvas.across
        y2 = y - length * math.cos(angle) / canvas.down
        a, b = thick * math.cos(angle), thick * math.sin(angle)
        shapes.append(
            [
                (x - a / canvas.across, y - b / canvas.down),
                (x + a / canvas.across, y + b / canvas.down),
                (x2 + 0.68 * a / canvas.across, y2 + 0.68 * b / canvas.down),
                (x2 - 0.68 * a / canvas.across, y2 - 0.68 * b / canvas.down),
            ]
        )
        if depth <= 3:
            size = dice.uniform(0.02, 0.042) * tall / 0.42
            shapes.append(canvas.round(x2, y2, size, corners=14, flat=0.8))
        if depth == 0:
            return
        for side in (-1, 1):
            turn = angle + side * dice.uniform(0.22, 0.55)
            grow(x2, y2, turn, length * dice.uniform(0.68, 0.84), 0.68 * thick, depth - 1)

    grow(x, y, dice.uniform(-0.06, 0.06), 0.26 * tall, 0.034 * tall, 7)
    return shapes


def firs(  # noqa: PLR0913, PLR0917
    canvas: Canvas,
    palette: Palette,
    dice: Random,
    base: float,
    height: float,
    count: int,
    part: float = 1.0,
) -> None:
    """A slope with trees on it."""
    noise = Noise(dice)
    across = canvas.across

    def line(x: float) -> float:
        return base - 0.05 * noise.rough(1.4 * x * across, 3)

    trees: list[list[Point]] = []
    for index in range(round(count * across)):
        x = (index + dice.uniform(-0.4, 1.4)) / (count * across)
        tall = height * dice.uniform(0.5, 1.1) * (0.75 + 0.35 * noise.at(5 * x * across + 9))
        trees.append(_fir(x, line(x) + 0.02, tall / canvas.down, dice, canvas))
    colour = tone(palette, part)
    foot = mix(colour, palette.sky[-1], 0.45 * (1 - part) ** 1.2)
    top = [(step / 80, line(step / 80)) for step in range(81)]
    low = min(1.0, base + 0.34)
    canvas.shapes([*trees, [*top, (1, low), (0, low)]], [colour, mix(colour, foot, 0.4), foot])
    if low < 1:
        canvas.shape([(0, low - 0.002), (1, low - 0.002), (1, 1), (0, 1)], [foot])


def _fir(x: float, foot: float, tall: float, dice: Random, canvas: Canvas) -> list[Point]:
    """Branches that hang a little, longer the lower they are."""
    wide = 0.2 * tall * canvas.down / canvas.across * dice.uniform(0.8, 1.2)
    left: list[Point] = []
    right: list[Point] = []
    tiers = 7
    for tier in range(1, tiers + 1):
        part = tier / tiers
        y = foot - tall * (1 - 0.95 * part)
        for side, points in ((-1, left), (1, right)):
            reach = wide * part**0.9 * dice.uniform(0.75, 1.15)
            points.append((x + side * reach, y))
            points.append((x + side * reach * 0.45, y - 0.02 * tall))
    return [(x, foot - tall), *right, (x, foot), *reversed(left)]
