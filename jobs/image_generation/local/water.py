"""The sea, with islands far out, and the light's path on the water."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.image_generation.local.colours import mix
from jobs.image_generation.local.noise import Noise
from jobs.image_generation.local.sky import Sun, along, heaven

if TYPE_CHECKING:
    from random import Random

    from jobs.image_generation.local.canvas import Canvas, Point
    from jobs.image_generation.local.colours import Palette

__all__ = ["sea"]


def sea(canvas: Canvas, palette: Palette, dice: Random) -> None:
    """Sky, islands, and water that mirrors both."""
    horizon = dice.uniform(0.5, 0.57)
    radius = dice.uniform(0.07, 0.11)
    light = Sun(x=dice.uniform(0.3, 0.7), y=horizon - dice.uniform(0.06, 0.2), radius=radius)
    heaven(canvas, palette, dice, light, air=horizon, horizon=horizon)
    _islands(canvas, palette, dice, horizon)
    _water(canvas, palette, horizon)
    _ripples(canvas, palette, dice, horizon)
    _path(canvas, palette, dice, light, horizon)


def _islands(canvas: Canvas, palette: Palette, dice: Random, horizon: float) -> None:
    for layer in range(3):
        noise, start = Noise(dice), dice.uniform(-0.4, 0.9)
        wide, high = dice.uniform(0.25, 0.7), dice.uniform(0.03, 0.085) / canvas.down**0.5
        top: list[Point] = []
        for step in range(121):
            t = step / 120
            swell = 4 * t * (1 - t)
            rough = 0.5 + 0.75 * abs(noise.rough(7 * t * wide * canvas.across, 5))
            top.append((start + wide * t, horizon - high * swell * rough))
        colour = mix(palette.far, palette.near, 0.12 + 0.16 * layer)
        foot = mix(colour, palette.sky[-1], 0.35)
        canvas.shape([*top, (start + wide, horizon), (start, horizon)], [colour, foot])


def _water(canvas: Canvas, palette: Palette, horizon: float) -> None:
    deep = mix(palette.near, palette.sky[0], 0.22)
    shown = [
        mix(along(palette.sky, 1 - 0.75 * part), deep, 0.25 + 0.75 * part**0.7)
        for part in (step / 9 for step in range(10))
    ]
    canvas.shape([(0, horizon), (1, horizon), (1, 1), (0, 1)], shown)


def _ripples(canvas: Canvas, palette: Palette, dice: Random, horizon: float) -> None:
    """Long thin crests, wider apart the nearer they are."""
    dark: list[list[Point]] = []
    pale: list[list[Point]] = []
    for _ in range(round(210 * canvas.across)):
        part = dice.random() ** 1.6
        y = horizon + (1 - horizon) * part
        half = dice.uniform(0.015, 0.1) * (0.25 + part) / canvas.across
        thick = (0.0006 + 0.0035 * part) * dice.uniform(0.5, 1.2)
        (dark if dice.random() < 0.6 else pale).append(_lens(dice.random(), y, half, thick))
    canvas.shapes(dark, [palette.near], 0.32)
    canvas.shapes(pale, [mix(palette.sky[-1], palette.light, 0.4)], 0.2)


def _path(canvas: Canvas, palette: Palette, dice: Random, light: Sun, horizon: float) -> None:
    """Below the sun, wider the nearer it is to us."""
    glints: list[list[Point]] = []
    for _ in range(240):
        part = dice.random() ** 1.3
        y = horizon + (1 - horizon) * part
        spread = (0.35 * light.radius + 0.16 * part) / canvas.across
        half = (0.006 + 0.05 * part) * dice.uniform(0.3, 1.1) / canvas.across
        x = light.x + dice.gauss(0, 0.55) * spread
        glints.append(_lens(x, y, half, 0.0008 + 0.0036 * part))
    canvas.glow(light.x, horizon, 0.34, palette.light, 0.3, fall=2)
    canvas.shapes(glints, [palette.light, mix(palette.light, palette.accent, 0.6)], 0.72)


def _lens(x: float, y: float, half: float, thick: float) -> list[Point]:
    return [
        (x - half, y),
        (x - 0.4 * half, y - thick),
        (x + 0.4 * half, y - thick),
        (x + half, y),
        (x + 0.4 * half, y + thick),
        (x - 0.4 * half, y + thick),
    ]
