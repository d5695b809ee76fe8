"""Skies: the air with its light and clouds, the sun or the moon, and stars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.media.looks import ease
from jobs.image_generation.local.colours import RGB, mix
from jobs.image_generation.local.noise import Noise2

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from jobs.image_generation.local.canvas import Canvas
    from jobs.image_generation.local.colours import Palette

__all__ = ["Sun", "along", "heaven", "sky", "stars", "sun"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sun:
    """Where the light comes from."""

    x: float
    y: float
    radius: float


def along(colours: Sequence[RGB], part: float) -> RGB:
    """Of colours that follow each other, the one at that part of the way."""
    place = min(1.0, max(0.0, part)) * (len(colours) - 1)
    whole = min(int(place), len(colours) - 2)
    return mix(colours[whole], colours[whole + 1], place - whole)


def heaven(  # noqa: PLR0913
    canvas: Canvas, palette: Palette, dice: Random, light: Sun, *, air: float, horizon: float
) -> None:
    """All above a landscape: air down to `air`, stars down to the horizon, and the light."""
    sky(canvas, palette, dice, light, air)
    if palette.is_dark:
        stars(canvas, palette, dice, horizon, light)
    sun(canvas, palette, light)


def sky(canvas: Canvas, palette: Palette, dice: Random, light: Sun, horizon: float) -> None:
    """Fill everything with air: darker above, brighter round the light, with a few clouds."""
    noise, cloudy = Noise2(dice), dice.uniform(0.25, 0.6)
    warm, hot = palette.sky[-1], palette.light

    def colour_at(x: float, y: float) -> RGB:
        colour = along(palette.sky, y / horizon)
        aside = _aside(canvas, light, x, y)
        colour = mix(colour, warm, 0.6 * math.exp(-((aside / 0.46) ** 2)))
        colour = mix(colour, hot, 0.4 * math.exp(-((aside / 0.2) ** 2)))
        # Clouds are far wider than high, and thin out towards the zenith.
        veil = noise.rough(1.1 * x * canvas.across, 6.5 * y * canvas.down, 4)
        share = cloudy * ease((veil - 0.02) * 2.4) * ease(2.2 * y / horizon)
        return mix(colour, palette.light, 0.55 * share)

    canvas.cover(colour_at, cells=72)


def sun(canvas: Canvas, palette: Palette, light: Sun) -> None:
    """The disc itself, in its glow."""
    canvas.glow(light.x, light.y, 7.5 * light.radius, palette.sky[-1], 0.5, fall=2.2)
    canvas.glow(light.x, light.y, 3.2 * light.radius, palette.light, 0.5, fall=2.4)
    disc = canvas.round(light.x, light.y, light.radius)
    canvas.shape(disc, [palette.light, mix(palette.light, palette.sky[-1], 0.3)])


def stars(  # noqa: PLR0913, PLR0917
    canvas: Canvas,
    palette: Palette,
    dice: Random,
    bottom: float,
    light: Sun | None = None,
    count: int = 260,
) -> None:
    """Points of light down to `bottom`, fewer below, none near the light; a few sparkle."""
    tiny = []
    for _ in range(round(count * canvas.across * canvas.down)):
        x, y = dice.random(), bottom * dice.random() ** 1.6
        radius = 0.0006 + 0.0016 * dice.random() ** 6
        if light is not None and _aside(canvas, light, x, y) < dice.uniform(0.2, 0.5):
            continue
        tiny.append(canvas.round(x, y, radius, corners=8))
    parts = 3
    for part in range(parts):  # three brightnesses
        canvas.shapes(
            tiny[part::parts],
            [mix(palette.light, palette.accent, 0.3 * part)],
            opacity=(0.95, 0.6, 0.38)[part],
        )
    for _ in range(9):
        x, y = dice.random(), 0.7 * bottom * dice.random()
        if light is not None and _aside(canvas, light, x, y) < 0.4:
            continue
        canvas.glow(x, y, dice.uniform(0.012, 0.03), palette.light, 0.8, fall=4)


def _aside(canvas: Canvas, light: Sun, x: float, y: float) -> float:
    return math.hypot((x - light.x) * canvas.across, (y - light.y) * canvas.down)
