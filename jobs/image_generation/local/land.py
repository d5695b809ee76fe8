"""Landscapes: ridge behind ridge in the haze, dunes, and trees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import RGB, mix
from jobs.image_generation.local.noise import Noise, ease
from jobs.image_generation.local.sky import Sun, sky, stars, sun

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["desert", "forest", "hill", "mountains", "tone"]

_STEPS = 420


def mountains(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Peaks in the haze, a lower range before them, and a dark slope with firs in front."""
    horizon = dice.uniform(0.52, 0.6)
    light = Sun(
        x=_third(dice), y=horizon - dice.uniform(0.2, 0.3), radius=dice.uniform(0.05, 0.085)
    )
    sky(canvas, palette, dice, light, horizon + 0.08)
    if palette.is_dark:
        stars(canvas, palette, dice, horizon, light)
    sun(canvas, palette, light)
    count = 6
    for layer in range(count):
        part = layer / (count - 1)
        base = horizon + 0.02 + 0.36 * part**1.25
        height = (0.3 - 0.17 * part) / canvas.down**0.4
        line = _peaks(Noise(dice), 1.3 + 1.1 * part, base, height, canvas.across)
        _ridge(canvas, palette, line, part)
    _firs(canvas, palette, dice, 0.9, 0.12, 26)


def desert(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Dunes, each with its lit and its shadowed side."""
    horizon = dice.uniform(0.48, 0.54)
    light = Sun(
        x=_third(dice), y=horizon - dice.uniform(0.13, 0.22), radius=dice.uniform(0.08, 0.12)
    )
    sky(canvas, palette, dice, light, horizon + 0.05)
    if palette.is_dark:
        stars(canvas, palette, dice, horizon, light)
    sun(canvas, palette, light)
    _ridge(canvas, palette, _peaks(Noise(dice), 1.0, horizon + 0.02, 0.07, canvas.across), 0.0)
    count = 6
    for layer in range(count):
        part = (layer + 1) / count
        _dunes(canvas, palette, dice, horizon + 0.03 + 0.4 * part**1.3, part, light)


def _dunes(  # noqa: PLR0913, PLR0917
    canvas: Canvas, palette: Palette, dice: Random, base: float, part: float, light: Sun
) -> None:
    """A row of them: they rise slowly towards the light, and fall steeply behind their crests."""
    wave, start = dice.uniform(0.55, 0.85) * (0.6 + 0.7 * part), dice.uniform(0, 1)
    high = (0.035 + 0.1 * part) / math.sqrt(canvas.down)
    noise, away = Noise(dice), 1 if light.x < 0.5 else -1

    def line(x: float) -> float:
        where = (away * x * canvas.across) / wave + start
        part_of = where - math.floor(where)
        rise = ease(part_of / 0.68) if part_of < 0.68 else ease((1 - part_of) / 0.32)
        return base - high * rise * (0.72 + 0.28 * noise.at(math.floor(where)))

    _ridge(canvas, palette, line, part, sand=True)


def forest(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Rows of firs, each darker than the one behind, with haze between them."""
    horizon = dice.uniform(0.5, 0.58)
    light = Sun(
        x=_third(dice), y=horizon - dice.uniform(0.22, 0.32), radius=dice.uniform(0.06, 0.09)
    )
    sky(canvas, palette, dice, light, horizon + 0.1)
    if palette.is_dark:
        stars(canvas, palette, dice, horizon, light)
    sun(canvas, palette, light)
    far = _peaks(Noise(dice), 1.2, horizon, 0.16, canvas.across)
    _ridge(canvas, palette, far, 0.0)
    count = 5
    for layer in range(count):
        part = (layer + 1) / count
        base = horizon + 0.06 + 0.34 * part
        _firs(canvas, palette, dice, base, 0.07 + 0.2 * part, round(62 - 36 * part), part)


def hill(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Rolling hills, and one tree on the nearest."""
    horizon = dice.uniform(0.52, 0.58)
    light = Sun(
        x=_third(dice), y=horizon - dice.uniform(0.12, 0.26), radius=dice.uniform(0.06, 0.1)
    )
    sky(canvas, palette, dice, light, horizon + 0.08)
    if palette.is_dark:
        stars(canvas, palette, dice, horizon, light)
    sun(canvas, palette, light)
    count = 5
    for layer in range(count):
        part = layer / (count - 1)
        noise, base = Noise(dice), horizon + 0.24 * part**1.1

        def line(x: float, noise: Noise = noise, base: float = base) -> float:
            return base - 0.05 * noise.rough(1.15 * x * canvas.across, 2)

        if layer == count - 1:
            x = 1 - light.x + dice.uniform(-0.06, 0.06)
            tall = 0.42 / max(1.0, canvas.down**0.6)
            canvas.shapes(tree(canvas, dice, x, line(x) + 0.01, tall), [tone(palette, 0.93)])
        _ridge(canvas, palette, line, part)


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


def _third(dice: Random) -> float:
    """Not in the middle, where a sun is dull."""
    return dice.choice((dice.uniform(0.26, 0.4), dice.uniform(0.6, 0.74)))


def _peaks(
    noise: Noise, often: float, base: float, height: float, across: float
) -> Callable[[float], float]:
    def line(x: float) -> float:
        where = often * x * across
        sharp = 1 - 2 * abs(noise.rough(where, 6, 0.5))
        return base - height * (0.62 * sharp + 0.38 * noise.at(0.6 * where + 50))

    return line


def _ridge(
    canvas: Canvas,
    palette: Palette,
    line: Callable[[float], float],
    part: float,
    *,
    sand: bool = False,
) -> None:
    """All below a line; `part` says how near it is, from 0 to 1. Sand is lit along its crests, and
    dark at its feet; elsewhere haze lies there."""
    crest = tone(palette, part)
    foot, deep = mix(crest, palette.sky[-1], 0.5 * (1 - part) ** 1.5 + 0.04), 0.3
    if sand:
        foot, deep = mix(crest, palette.near, 0.34 + 0.4 * part), 0.06 + 0.1 * part
        crest = mix(crest, palette.sky[-1], 0.66 - 0.3 * part)
    top = [(step / _STEPS, line(step / _STEPS)) for step in range(_STEPS + 1)]
    low = min(1.0, max(y for _, y in top) + deep)
    canvas.shape([*top, (1, low), (0, low)], [crest, mix(crest, foot, 0.6), foot])
    if low < 1:
        canvas.shape([(0, low - 0.002), (1, low - 0.002), (1, 1), (0, 1)], [foot])


def tone(palette: Palette, part: float) -> RGB:
    """What the air makes of a colour that is `part` of the way here."""
    return mix(palette.far, palette.near, part**1.15)


def _firs(  # noqa: PLR0913, PLR0917
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
