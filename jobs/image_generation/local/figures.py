"""Small things that words may ask for, wherever they are: birds, balloons, a boat, snow, rain."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jobs.image_generation.local.balloons import balloons
from jobs.image_generation.local.boat import boat
from jobs.image_generation.local.colours import mix
from jobs.image_generation.local.rocket import rocket

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


_WORDS: tuple[tuple[str, Figure], ...] = (
    ("bird gull seagull eagle swallow swan flight freedom fly goose geese", birds),
    ("balloon airship", balloons),
    ("boat sail sailboat ship yacht sailing regatta", boat),
    ("rocket spaceship launch astronaut spacecraft", rocket),
    ("snow snowfall blizzard christmas winter snowy snowflake", snow),
    ("rain storm rainy monsoon shower drizzle", rain),
)
FIGURES = tuple((frozenset(words.split()), figure) for words, figure in _WORDS)
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
            points.append(canvas.beside((x, y), wing * t, wing * edge, turn))
    return [*upper, *reversed(lower)]
