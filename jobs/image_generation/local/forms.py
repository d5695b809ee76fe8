"""Discs and quarters on a grid, for words that name no scene."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import RGB, mix

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas
    from jobs.image_generation.local.colours import Palette

__all__ = ["forms"]


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
