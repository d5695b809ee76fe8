"""Small things that words may ask for, wherever they are: birds, balloons, a boat, snow, rain."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import mix

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["FIGURES", "Figure"]

Figure = Callable[["Canvas", "Palette", "Random"], None]


def birds(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """A flock, far away."""
    x, y = dice.uniform(0.25, 0.7), dice.uniform(0.16, 0.3)
    flock: list[list[Point]] = []
    for _ in range(dice.randint(7, 11)):
        wing = dice.uniform(0.012, 0.026)
        flock.append(
            _bird(
                canvas,
                x + dice.gauss(0, 0.11) / canvas.across,
                y + dice.gauss(0, 0.05),
                wing,
                dice.uniform(-0.25, 0.25),
                dice.uniform(0.25, 0.6),
            )
        )
    canvas.shapes(flock, [mix(palette.near, palette.far, 0.12)], 0.9)


def balloons(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Hot-air balloons, one near and two far."""
    for size, haze in ((0.045, 0.5), (0.06, 0.34), (0.12, 0.0)):
        x, y = dice.uniform(0.16, 0.84), dice.uniform(0.17, 0.38)
        _balloon(canvas, palette, x, y, size, haze)


def boat(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """A boat under sail."""
    x, y, size = dice.uniform(0.2, 0.8), dice.uniform(0.605, 0.64), dice.uniform(0.11, 0.15)
    wide, high = size / canvas.across, size / canvas.down
    hull = [
        (x - 0.52 * wide, y - 0.1 * high),
        (x + 0.58 * wide, y - 0.1 * high),
        (x + 0.4 * wide, y + 0.08 * high),
        (x - 0.38 * wide, y + 0.08 * high),
    ]
    main = [
        (x + 0.02 * wide, y - 1.15 * high),
        *_belly(x, y, wide, high, 0.5),
        (x + 0.02 * wide, y - 0.16 * high),
    ]
    jib = [
        (x - 0.03 * wide, y - 1.02 * high),
        (x - 0.46 * wide, y - 0.17 * high),
        (x - 0.03 * wide, y - 0.17 * high),
    ]
    sail = mix(palette.light, palette.sky[-1], 0.15)
    canvas.shapes([main, jib], [sail, mix(sail, palette.accent, 0.45)])
    canvas.shape(hull, [mix(palette.near, palette.accent, 0.12), palette.near])
    glints = [
        canvas.round(
            x + dice.uniform(-0.3, 0.3) * wide,
            y + (0.14 + 0.09 * step) * high,
            (0.4 - 0.05 * step) * size,
            corners=24,
            flat=0.05,
        )
        for step in range(6)
    ]
    canvas.shapes(glints, [mix(sail, palette.near, 0.25)], 0.42)


def snow(canvas: Canvas, _palette: Palette, dice: Random) -> None:
    """Flakes, near and far."""
    for radius, count, opacity in ((0.0022, 260, 0.75), (0.0045, 90, 0.6), (0.009, 22, 0.32)):
        flakes = [
            canvas.round(dice.random(), dice.random(), radius * dice.uniform(0.6, 1.3), corners=16)
            for _ in range(round(count * canvas.across * canvas.down))
        ]
        canvas.shapes(flakes, [(255, 255, 255)], opacity)


def rain(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Slanting streaks."""
    for count, length, opacity in ((170, 0.05, 0.2), (70, 0.1, 0.26)):
        streaks: list[list[Point]] = []
        for _ in range(round(count * canvas.across * canvas.down)):
            x, y, thin = dice.random(), dice.uniform(-0.1, 1), 0.0009
            reach = length * dice.uniform(0.6, 1.2)
            streaks.append(
                [
                    (x, y),
                    (x + thin / canvas.across, y),
                    (x + (thin - 0.22 * reach) / canvas.across, y + reach / canvas.down),
                    (x - 0.22 * reach / canvas.across, y + reach / canvas.down),
                ]
            )
        canvas.shapes(streaks, [palette.light], opacity)


def rocket(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """A rocket on its way up, with its trail."""
    x, y, size = dice.uniform(0.35, 0.65), dice.uniform(0.2, 0.28), 0.1
    turn = dice.uniform(-0.35, 0.35)

    def at(u: float, v: float) -> Point:
        a, b = size * u, size * v
        return (
            x + (a * math.cos(turn) - b * math.sin(turn)) / canvas.across,
            y + (a * math.sin(turn) + b * math.cos(turn)) / canvas.down,
        )

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


FIGURES: tuple[tuple[frozenset[str], Figure], ...] = (
    (
        frozenset(
            [
                "bird",
                "gull",
                "seagull",
                "eagle",
                "swallow",
                "swan",
                "flight",
                "freedom",
                "fly",
                "goose",
                "geese",
            ]
        ),
        birds,
    ),
    (frozenset(["balloon", "airship"]), balloons),
    (frozenset(["boat", "sail", "sailboat", "ship", "yacht", "sailing", "regatta"]), boat),
    (frozenset(["rocket", "spaceship", "launch", "astronaut", "spacecraft"]), rocket),
    (
        frozenset(["snow", "snowfall", "blizzard", "christmas", "winter", "snowy", "snowflake"]),
        snow,
    ),
    (frozenset(["rain", "storm", "rainy", "monsoon", "shower", "drizzle"]), rain),
)
"""By the words that ask for them; from what is farthest to what is nearest."""


def _bird(  # noqa: PLR0913, PLR0917
    canvas: Canvas, x: float, y: float, wing: float, turn: float, lift: float
) -> list[Point]:
    upper: list[Point] = []
    lower: list[Point] = []
    for step in range(-10, 11):
        t = step / 10
        bend = -lift * (1.6 * abs(t) - 0.9 * t * t)
        thick = 0.16 * (1 - abs(t)) ** 0.8
        for edge, points in ((bend, upper), (bend + thick, lower)):
            a, b = wing * t, wing * edge
            points.append(
                (
                    x + (a * math.cos(turn) - b * math.sin(turn)) / canvas.across,
                    y + (a * math.sin(turn) + b * math.cos(turn)) / canvas.down,
                )
            )
    return [*upper, *reversed(lower)]


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


def _belly(x: float, y: float, wide: float, high: float, reach: float) -> list[Point]:
    """The bulging edge of a sail."""
    return [
        (x + wide * (0.02 + reach * t + 0.1 * math.sin(math.pi * t)), y - high * (1.15 - 0.99 * t))
        for t in (step / 12 for step in range(1, 13))
    ]
