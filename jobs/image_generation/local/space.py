"""Space: nebulae, stars, and a planet with its ring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from common.media.looks import ease
from jobs.image_generation.local.colours import RGB, mix
from jobs.image_generation.local.noise import Noise, Noise2
from jobs.image_generation.local.sky import stars

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["space"]


def space(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """A planet before a nebula."""
    _nebula(canvas, palette, dice)
    stars(canvas, palette, dice, 1.0, count=620)
    x, y = dice.choice(((0.34, 0.36), (0.66, 0.34), (0.6, 0.4), (0.4, 0.33)))
    radius, turn = dice.uniform(0.19, 0.25), dice.uniform(-0.5, 0.5)
    ringed = dice.random() < 0.75
    if ringed:
        _ring(canvas, palette, x, y, radius, turn, front=False)
    _planet(canvas, palette, dice, x, y, radius, turn)
    if ringed:
        _ring(canvas, palette, x, y, radius, turn, front=True)
    side = 1 if x < 0.5 else -1
    _planet(
        canvas,
        palette,
        dice,
        x + side * dice.uniform(0.36, 0.42),
        y + dice.uniform(-0.2, -0.08),
        dice.uniform(0.025, 0.045),
        0.3,
    )


def _nebula(canvas: Canvas, palette: Palette, dice: Random) -> None:
    one, other, warp = Noise2(dice), Noise2(dice), Noise2(dice)
    tilt = dice.uniform(-0.8, 0.8)
    dark = mix(palette.sky[0], (0, 0, 0), 0.35)

    def colour_at(x: float, y: float) -> RGB:
        u, v = x * canvas.across, y * canvas.down
        bend = 0.5 * warp.rough(1.5 * u, 1.5 * v, 3)
        band = math.exp(
            -((((v - 0.5 * canvas.down) + tilt * (u - 0.5 * canvas.across)) / 0.42) ** 2)
        )
        thick = band * ease(0.5 + 0.9 * one.rough(2.2 * u + bend, 2.2 * v + bend))
        hue = ease(0.5 + other.rough(1.4 * u - bend, 1.4 * v))
        colour = mix(dark, palette.sky[1], 0.9 * thick + 0.1)
        colour = mix(colour, mix(palette.sky[2], palette.sky[-1], hue), 0.95 * thick**1.7)
        return mix(colour, palette.accent, 0.5 * thick**4)

    canvas.cover(colour_at, cells=80)


def _planet(  # noqa: PLR0913, PLR0917
    canvas: Canvas, palette: Palette, dice: Random, x: float, y: float, radius: float, turn: float
) -> None:
    canvas.glow(x, y, 1.75 * radius, palette.sky[-1], 0.4, fall=2.4)
    base = [palette.accent, palette.sky[-1], palette.sky[2], palette.light]
    dice.shuffle(base)
    canvas.shape(canvas.round(x, y, radius), [base[0], mix(base[0], base[1], 0.5), base[1]])
    noise = Noise(dice)
    for index in range(11):  # bands of clouds, cut to the disc
        v = -0.92 + 1.84 * index / 10 + dice.uniform(-0.05, 0.05)
        _band(
            canvas,
            noise,
            (x, y, radius, turn),
            v,
            dice.uniform(0.03, 0.11),
            base[2 + index % 2],
            dice.uniform(0.15, 0.5),
        )
    for step in range(16):  # night falls towards the lower right
        _night(canvas, x, y, radius, 0.16 + 0.055 * step, palette.sky[0])


def _band(  # noqa: PLR0913, PLR0917
    canvas: Canvas,
    noise: Noise,
    disc: tuple[float, float, float, float],
    v: float,
    thick: float,
    colour: RGB,
    opacity: float,
) -> None:
    x, y, radius, turn = disc
    upper: list[Point] = []
    lower: list[Point] = []
    for step in range(49):
        u = -1 + step / 24
        for edge, points in ((v - thick, upper), (v + thick, lower)):
            wavy = edge + 0.03 * noise.rough(2.5 * u + 7 * v, 3)
            held = math.copysign(min(abs(wavy), math.sqrt(max(0.0, 1 - u * u))), wavy)
            a, b = radius * u, radius * held
            points.append(canvas.beside((x, y), a, b, turn))
    canvas.shape([*upper, *reversed(lower)], [colour], opacity)


def _night(canvas: Canvas, x: float, y: float, radius: float, part: float, colour: RGB) -> None:  # noqa: PLR0913, PLR0917
    """A crescent: the disc without one that is moved towards the light."""
    angle = math.pi / 4
    outer, inner = [], []
    for step in range(61):
        around = angle - math.pi / 2 + math.pi * step / 60
        outer.append(
            (
                x + radius * math.cos(around) / canvas.across,
                y + radius * math.sin(around) / canvas.down,
            )
        )
        flat = math.cos(around - angle) * (1 - 2 * part)
        along = math.sin(around - angle)
        a = flat * math.cos(angle) - along * math.sin(angle)
        b = flat * math.sin(angle) + along * math.cos(angle)
        inner.append((x + radius * a / canvas.across, y + radius * b / canvas.down))
    canvas.shape([*outer, *reversed(inner)], [mix(colour, (0, 0, 0), 0.5)], 0.12)


def _ring(  # noqa: PLR0913, PLR0917
    canvas: Canvas, palette: Palette, x: float, y: float, radius: float, turn: float, *, front: bool
) -> None:
    for inner, outer, opacity in ((1.38, 1.55, 0.4), (1.58, 1.86, 0.75), (1.9, 2.02, 0.5)):
        points = []
        for reach, steps in ((outer, range(61)), (inner, range(60, -1, -1))):
            for step in steps:
                angle = math.pi * step / 60 + (0 if front else math.pi)
                a, b = radius * reach * math.cos(angle), 0.24 * radius * reach * math.sin(angle)
                points.append(canvas.beside((x, y), a, b, turn))
        canvas.shape(
            points, [mix(palette.light, palette.accent, 0.4)], opacity * (1 if front else 0.6)
        )
