"""A meadow in bloom, seen from among the flowers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import RGB, mix
from jobs.image_generation.local.noise import Noise
from jobs.image_generation.local.sky import Sun, heaven

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["garden"]

_HUES: tuple[RGB, ...] = (
    (236, 108, 128),
    (250, 206, 116),
    (186, 128, 214),
    (255, 246, 232),
    (240, 140, 92),
)


def garden(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Hills far away; stems and flowers, the larger the nearer."""
    light = Sun(
        x=dice.uniform(0.25, 0.75), y=dice.uniform(0.2, 0.32), radius=dice.uniform(0.06, 0.1)
    )
    heaven(canvas, palette, dice, light, air=0.7, horizon=0.5)
    for layer in range(3):
        noise, base = Noise(dice), 0.55 + 0.07 * layer
        top = [
            (step / 90, base - 0.05 * noise.rough(1.4 * step / 90 * canvas.across, 3))
            for step in range(91)
        ]
        colour = mix(palette.far, palette.near, 0.12 + 0.16 * layer)
        canvas.shape([*top, (1, 1), (0, 1)], [colour, mix(colour, palette.near, 0.6)])
    rows = 4
    for row in range(rows):
        part = (row + 1) / rows
        _row(canvas, palette, dice, part)
        if row == rows - 2:  # haze before the last row, which stands out from it
            canvas.shade(0.66, 1.0, mix((255, 255, 255), palette.near, 0.6))


def _row(canvas: Canvas, palette: Palette, dice: Random, part: float) -> None:
    count = round((26 - 17 * part) * canvas.across)
    green = mix(mix(palette.far, palette.near, 0.45 + 0.4 * part), palette.sky[1], 0.12)
    stems: list[list[Point]] = []
    flowers = []
    for index in range(count):
        x = (index + dice.uniform(0.1, 0.9)) / count
        size = (0.024 + 0.062 * part) * dice.uniform(0.7, 1.2)
        head = 0.73 - 0.02 * part + dice.uniform(-0.11, 0.1) * (0.5 + part)
        lean = dice.uniform(-0.05, 0.05)
        stems.append(_stem(canvas, x, head, lean, 0.1 * size))
        stems += _leaves(canvas, dice, x, head, lean, size)
        flowers.append((x + lean, head, size))
    canvas.shapes(stems, [green, mix(green, palette.near, 0.75)])
    hues = [mix(hue, palette.sky[-1], 0.22) for hue in _HUES] + [palette.accent]
    for x, y, size in flowers:
        hue = mix(dice.choice(hues), palette.near, 0.34 * (1 - part))
        _flower(canvas, dice, (x, y), size, hue, palette)


def _stem(canvas: Canvas, x: float, top: float, lean: float, thick: float) -> list[Point]:
    left, right = [], []
    for step in range(13):
        t = step / 12
        middle = x + lean * (1 - t) ** 1.7
        y = top + (1.05 - top) * t
        left.append((middle - thick / canvas.across, y))
        right.append((middle + thick / canvas.across, y))
    return [*left, *reversed(right)]


def _leaves(  # noqa: PLR0913, PLR0917
    canvas: Canvas, dice: Random, x: float, top: float, lean: float, size: float
) -> list[list[Point]]:
    found = []
    for side in (-1, 1):
        t = dice.uniform(0.3, 0.6)
        at_x, at_y = x + lean * (1 - t) ** 1.7, top + (1.05 - top) * t
        turn = side * dice.uniform(0.5, 0.9)
        reach = 1.25 * size
        middle_x = at_x + reach * math.sin(turn) / canvas.across
        middle_y = at_y - reach * math.cos(turn) / canvas.down
        found.append(_petal(canvas, middle_x, middle_y, reach, turn - math.pi / 2, 0.22))
    return found


def _flower(  # noqa: PLR0913, PLR0917
    canvas: Canvas, dice: Random, at: tuple[float, float], size: float, hue: RGB, palette: Palette
) -> None:
    x, y = at
    petals, tilt = dice.choice((6, 8, 8, 12)), dice.uniform(0, math.tau)
    for reach, shade in ((1.0, 0.22), (0.72, 0.0)):
        many = []
        for petal in range(petals):
            angle = tilt + math.tau * (petal + (0.5 if shade else 0)) / petals
            half = 0.5 * size * reach
            many.append(
                _petal(
                    canvas,
                    x + half * math.cos(angle) / canvas.across,
                    y + 0.86 * half * math.sin(angle) / canvas.down,
                    half,
                    angle,
                    1.5 / petals**0.5 * 0.62,
                )
            )
        lit = mix(hue, palette.near, shade)
        canvas.shapes(many, [mix(lit, palette.light, 0.22), lit])
    centre = mix(palette.accent, palette.near, 0.55) if sum(hue) > 480 else palette.accent
    canvas.shape(
        canvas.round(x, y, 0.2 * size, corners=30), [centre, mix(centre, palette.near, 0.3)]
    )


def _petal(  # noqa: PLR0913, PLR0917
    canvas: Canvas, x: float, y: float, half: float, turn: float, flat: float
) -> list[Point]:
    """Pointed at both ends, and broadest beyond its middle."""
    points = []
    for step in range(24):
        angle = math.tau * step / 24
        a = half * math.cos(angle)
        b = (
            flat
            * half
            * math.sin(angle)
            * (0.8 + 0.2 * math.cos(angle))
            * abs(math.sin(angle)) ** 0.35
        )
        points.append(
            (
                x + (a * math.cos(turn) - b * math.sin(turn)) / canvas.across,
                y + (a * math.sin(turn) + b * math.cos(turn)) / canvas.down,
            )
        )
    return points
