"""A city: rows of towers in the haze, and windows that are lit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import mix, tone
from jobs.image_generation.local.sky import Sun, heaven

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["city"]


def city(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Towers before a large low light."""
    light = Sun(x=dice.uniform(0.3, 0.7), y=dice.uniform(0.4, 0.5), radius=dice.uniform(0.13, 0.19))
    heaven(canvas, palette, dice, light, air=0.72, horizon=0.5)
    count = 4
    for layer in range(count):
        part = (layer + 0.35) / (count - 0.65)
        _row(canvas, palette, dice, part)
        canvas.glow(light.x, 0.78, 0.6, palette.sky[-1], 0.16 * (1 - part), fall=1.6)


def _row(canvas: Canvas, palette: Palette, dice: Random, part: float) -> None:
    towers: list[list[Point]] = []
    lit: list[list[Point]] = []
    floor = 0.72 + 0.14 * part
    x = -0.05
    while x < 1.05:
        wide = dice.uniform(0.035, 0.085) * (0.75 + 0.55 * part) / canvas.across
        high = dice.uniform(0.09, 0.36) * (1.12 - 0.42 * part) * dice.choice((0.6, 0.8, 1, 1))
        top = floor - high
        towers += _tower(x, top, wide, dice, canvas)
        if part > 0.3:
            lit += _windows(x, top, wide, floor + 0.02, dice, canvas, part)
        x += wide * dice.uniform(0.86, 1.12)
    colour = tone(palette, min(1.0, part))
    foot = mix(colour, palette.sky[-1], 0.42 * (1 - part))
    canvas.shapes([*towers, [(0, floor), (1, floor), (1, 1), (0, 1)]], [colour, foot, foot])
    for share, glass in ((2, palette.accent), (3, palette.light), (5, palette.sky[-1])):
        canvas.shapes(lit[::share], [glass], 0.3 + 0.35 * part)


def _tower(x: float, top: float, wide: float, dice: Random, canvas: Canvas) -> list[list[Point]]:
    body = [(x, top), (x + wide, top), (x + wide, 1.0), (x, 1.0)]
    kind = dice.random()
    step = wide * 0.22
    if kind < 0.25:  # set back
        rise = 0.035 / canvas.down
        more = [
            (x + step, top - rise),
            (x + wide - step, top - rise),
            (x + wide - step, top),
            (x + step, top),
        ]
    elif kind < 0.4:  # a mast
        thin = 0.0022 / canvas.across
        middle, rise = x + wide / 2, dice.uniform(0.05, 0.1) / canvas.down
        more = [(middle - thin, top), (middle, top - rise), (middle + thin, top)]
    elif kind < 0.52:  # a slanted roof
        more = [(x, top), (x + wide, top - 0.03 / canvas.down), (x + wide, top)]
    else:
        return [body]
    return [body, more]


def _windows(  # noqa: PLR0913, PLR0917
    x: float, top: float, wide: float, floor: float, dice: Random, canvas: Canvas, part: float
) -> list[list[Point]]:
    across, down = 0.0042 * (0.7 + part) / canvas.across, 0.0062 * (0.7 + part) / canvas.down
    columns = max(2, int(wide / (2.3 * across)))
    rows = int((floor - top) / (2.4 * down))
    share = dice.uniform(0.12, 0.5)
    found = []
    for row in range(1, rows):
        for column in range(columns):
            if dice.random() < share:
                left = x + wide * (column + 0.5) / columns - across / 2
                high = top + 2.4 * down * row
                found.append(
                    [
                        (left, high),
                        (left + across, high),
                        (left + across, high + down),
                        (left, high + down),
                    ]
                )
    return found
