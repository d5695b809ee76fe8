"""The moving background: four soft lights drifting over a dark ground.

Its pictures are tiny, 16 bits a channel, and ffmpeg enlarges them: what is this soft loses
nothing by it, and takes Python a millisecond where full size would take a second.
"""

from __future__ import annotations

import math
import sys
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

    from jobs.video_generation.palettes import RGB, Palette

    Light = tuple[float, float, float]

__all__ = ["PIXELS", "grid", "pictures"]

PIXELS = f"rgb48{sys.byteorder[0]}e"
LONG_SIDE = 40
GROUND = 0.2
"""How strongly the ground holds against the lights."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """How one coordinate of a light moves: around a middle, never quite repeating itself."""

    middle: float
    reach: float
    period: float
    phase: float

    def at(self, time: float) -> float:
        """The coordinate at `time` seconds, in parts of the frame."""
        turn = math.tau * time / self.period + self.phase
        return self.middle + self.reach * (0.8 * math.sin(turn) + 0.2 * math.sin(2.3 * turn))


def grid(width: int, height: int) -> tuple[int, int]:
    """The size of the tiny pictures for a frame of `width` x `height`."""
    scale = LONG_SIDE / max(width, height)
    return max(12, round(width * scale)), max(12, round(height * scale))


def pictures(
    dice: Random,
    palette: Palette,
    size: tuple[int, int],
    times: Sequence[float],
    glow: Callable[[float], float],
) -> Iterator[bytes]:
    """One raw picture for each of `times`, in seconds, in the PIXELS format."""
    columns, rows = size
    colours = [_linear(colour) for colour in (palette.ground, *palette.lights)]
    ways = [(x, y, dice.uniform(0.17, 0.27)) for x, y in _ways(dice)]
    dim = [_vignette(x, columns) for x in range(columns)]
    shade = [[_vignette(y, rows) * part for part in dim] for y in range(rows)]
    for time in times:
        across = [_bell(x.at(time), spread, columns) for x, _, spread in ways]
        down = [_bell(y.at(time), spread, rows) for _, y, spread in ways]
        lit = glow(time)
        yield _picture(across, down, colours, [[lit * part for part in row] for row in shade])


def _ways(dice: Random) -> list[tuple[Drift, Drift]]:
    corners = [(0.2, 0.25), (0.8, 0.3), (0.3, 0.8), (0.75, 0.75)]
    dice.shuffle(corners)
    return [(_drift(dice, x), _drift(dice, y)) for x, y in corners]


def _drift(dice: Random, middle: float) -> Drift:
    return Drift(
        middle=middle,
        reach=dice.uniform(0.22, 0.36),
        period=dice.uniform(7, 13),
        phase=dice.uniform(0, math.tau),
    )


def _bell(middle: float, spread: float, count: int) -> list[float]:
    return [math.exp(-(((i + 0.5) / count - middle) ** 2) / (2 * spread**2)) for i in range(count)]


def _vignette(index: int, count: int) -> float:
    aside = abs(2 * (index + 0.5) / count - 1)
    return 1 - 0.42 * math.pow(aside, 2.6)


def _linear(colour: RGB) -> Light:
    # Light adds up linearly; a gamma of two is near enough, and its root is quick.
    red, green, blue = ((channel / 255) ** 2 for channel in colour)
    return red, green, blue


def _picture(
    across: list[list[float]],
    down: list[list[float]],
    colours: list[Light],
    shade: list[list[float]],
) -> bytes:
    # Written out rather than looped: a minute of film is a million and a half of these pixels.
    (r0, g0, b0), (r1, g1, b1), (r2, g2, b2), (r3, g3, b3), (r4, g4, b4) = colours
    w0, root, pixels = GROUND, math.sqrt, array("H")
    for y, row in enumerate(shade):
        d1, d2, d3, d4 = (column[y] for column in down)
        for p1, p2, p3, p4, lit in zip(*across, row, strict=True):
            w1, w2, w3, w4 = p1 * d1, p2 * d2, p3 * d3, p4 * d4
            share = lit / (w0 + w1 + w2 + w3 + w4)
            red = share * (w0 * r0 + w1 * r1 + w2 * r2 + w3 * r3 + w4 * r4)
            green = share * (w0 * g0 + w1 * g1 + w2 * g2 + w3 * g3 + w4 * g4)
            blue = share * (w0 * b0 + w1 * b1 + w2 * b2 + w3 * b3 + w4 * b4)
            pixels.append(int(65535 * root(red)))
            pixels.append(int(65535 * root(green)))
            pixels.append(int(65535 * root(blue)))
    return pixels.tobytes()
