"""Pictures of nothing but colour and form, for words that name no scene."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import RGB, mix
from jobs.image_generation.local.noise import Noise
from jobs.image_generation.local.sky import along

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas
    from jobs.image_generation.local.colours import Palette

__all__ = ["forms", "silk"]


def silk(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Folds of a cloth that flows from side to side, lit along its crests."""
    colours = (*palette.sky, palette.accent)

    def ground(x: float, y: float) -> RGB:
        return mix(along(palette.sky, 0.75 * y + 0.25 * x), palette.near, 0.35 + 0.3 * y)

    canvas.cover(ground)
    canvas.glow(dice.uniform(0.2, 0.8), 0.2, 0.9, palette.sky[-1], 0.45, fall=1.6)
    slow, fine = Noise(dice), Noise(dice)
    rise = dice.uniform(-0.28, 0.28)
    strips, steps = 120, 60
    rows = []
    for strip in range(strips + 1):
        v = strip / strips
        rows.append(
            [
                (
                    u,
                    0.16
                    + 0.7 * v
                    + rise * (u - 0.5)
                    + 0.17 * slow.at(1.3 * u * canvas.across + 0.9 * v)
                    + 0.085
                    * math.sin(math.tau * (0.9 * u * canvas.across + 1.35 * v) + 3 * slow.at(2 * v))
                    + 0.02 * fine.at(2.4 * u * canvas.across + 3 * v),
                )
                for u in (step / steps for step in range(steps + 1))
            ]
        )
    for strip in range(strips):
        v = strip / strips
        fold = 0.5 + 0.5 * math.sin(math.tau * (3.1 * v + 0.35 * fine.at(4 * v)))
        colour = along(colours, 0.08 + 0.84 * v)
        colour = mix(mix(colour, palette.near, 0.5), mix(colour, palette.light, 0.42), fold**1.5)
        # Each overlaps the next by a hair, or their smooth edges would show what is behind.
        lower = [(u, y + 0.004) for u, y in rows[strip + 1]]
        canvas.shape([*rows[strip], *reversed(lower)], [colour, mix(colour, palette.near, 0.16)])


def forms(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Discs, halves and quarters on a grid, in few colours, as posters had them once."""
    colours = [
        palette.sky[1],
        palette.sky[2],
        palette.sky[-1],
        palette.accent,
        palette.light,
        palette.far,
    ]
    top = mix(palette.near, palette.sky[0], 0.55)
    canvas.cover(lambda x, y: mix(top, palette.near, 0.2 + 0.8 * (0.3 * x + 0.7 * y)))
    cell = dice.choice((0.25, 1 / 3))
    columns, rows = math.ceil(canvas.across / cell), math.ceil(canvas.down / cell)
    for row in range(rows):
        for column in range(columns):
            if dice.random() < 0.1:
                continue
            x = (column + 0.5) * cell + (canvas.across - columns * cell) / 2
            y = (row + 0.5) * cell + (canvas.down - rows * cell) / 2
            _form(canvas, dice, (x / canvas.across, y / canvas.down), cell, colours)


def _form(
    canvas: Canvas, dice: Random, middle: tuple[float, float], cell: float, colours: list[RGB]
) -> None:
    x, y = middle
    one, other = dice.sample(colours, 2)
    half_x, half_y = cell / 2 / canvas.across, cell / 2 / canvas.down
    kind = dice.randrange(6)
    if kind < 4:
        square = [
            (x - half_x, y - half_y),
            (x + half_x, y - half_y),
            (x + half_x, y + half_y),
            (x - half_x, y + half_y),
        ]
        canvas.shape(square, [mix(one, other, 0.12), one])
    if kind == 0:
        canvas.shape(canvas.round(x, y, 0.36 * cell), [other, mix(other, one, 0.25)])
    elif kind in {1, 2}:
        corner = dice.choice(((-1, -1), (1, -1), (1, 1), (-1, 1)))
        _quarter(canvas, x + corner[0] * half_x, y + corner[1] * half_y, cell, corner, other)
    elif kind == 3:
        for step in range(3):
            part = (3 - step) / 3
            canvas.shape(canvas.round(x, y, 0.48 * cell * part), [other if step % 2 == 0 else one])
    elif kind == 4:
        turn = dice.choice((0, 0.25, 0.5, 0.75)) * math.tau
        points = [
            (
                x + 0.5 * cell * math.cos(turn + math.pi * step / 60) / canvas.across,
                y + 0.5 * cell * math.sin(turn + math.pi * step / 60) / canvas.down,
            )
            for step in range(61)
        ]
        canvas.shape(points, [one, mix(one, other, 0.4)])
    else:
        canvas.shape(canvas.round(x, y, 0.5 * cell), [one, mix(one, other, 0.5)])


def _quarter(  # noqa: PLR0913, PLR0917
    canvas: Canvas, x: float, y: float, radius: float, corner: tuple[int, int], colour: RGB
) -> None:
    points = [(x, y)]
    for step in range(41):
        angle = math.pi / 2 * step / 40
        points.append(
            (
                x - corner[0] * radius * math.cos(angle) / canvas.across,
                y - corner[1] * radius * math.sin(angle) / canvas.down,
            )
        )
    canvas.shape(points, [colour])
