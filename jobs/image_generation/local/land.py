"""Landscapes: ridge behind ridge in the haze, dunes, woods and hills."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from common.media.looks import ease
from jobs.image_generation.local.colours import mix, tone
from jobs.image_generation.local.noise import Noise
from jobs.image_generation.local.sky import Sun, heaven
from jobs.image_generation.local.trees import firs, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from jobs.image_generation.local.canvas import Canvas
    from jobs.image_generation.local.colours import Palette

__all__ = ["desert", "forest", "hill", "mountains"]

_STEPS = 420


def mountains(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Peaks in the haze, a lower range before them, and a dark slope with firs in front."""
    horizon = dice.uniform(0.52, 0.6)
    light = Sun(
        x=_third(dice), y=horizon - dice.uniform(0.2, 0.3), radius=dice.uniform(0.05, 0.085)
    )
    heaven(canvas, palette, dice, light, air=horizon + 0.08, horizon=horizon)
    count = 6
    for layer in range(count):
        part = layer / (count - 1)
        base = horizon + 0.02 + 0.36 * part**1.25
        height = (0.3 - 0.17 * part) / canvas.down**0.4
        line = _peaks(Noise(dice), 1.3 + 1.1 * part, base, height, canvas.across)
        _ridge(canvas, palette, line, part)
    firs(canvas, palette, dice, 0.9, 0.12, 26)


def desert(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Dunes, each with its lit and its shadowed side."""
    horizon = dice.uniform(0.48, 0.54)
    light = Sun(
        x=_third(dice), y=horizon - dice.uniform(0.13, 0.22), radius=dice.uniform(0.08, 0.12)
    )
    heaven(canvas, palette, dice, light, air=horizon + 0.05, horizon=horizon)
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
    heaven(canvas, palette, dice, light, air=horizon + 0.1, horizon=horizon)
    far = _peaks(Noise(dice), 1.2, horizon, 0.16, canvas.across)
    _ridge(canvas, palette, far, 0.0)
    count = 5
    for layer in range(count):
        part = (layer + 1) / count
        base = horizon + 0.06 + 0.34 * part
        firs(canvas, palette, dice, base, 0.07 + 0.2 * part, round(62 - 36 * part), part)


def hill(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Rolling hills, and one tree on the nearest."""
    horizon = dice.uniform(0.52, 0.58)
    light = Sun(
        x=_third(dice), y=horizon - dice.uniform(0.12, 0.26), radius=dice.uniform(0.06, 0.1)
    )
    heaven(canvas, palette, dice, light, air=horizon + 0.08, horizon=horizon)
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
