"""Smooth chance: the shape of ridges, clouds and folds, the same at every number of pixels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from common.media.looks import ease

if TYPE_CHECKING:
    from random import Random

__all__ = ["Noise", "Noise2"]

_LATTICE = 256


class Noise:
    """Values from -1 to 1 along a line."""

    def __init__(self, dice: Random) -> None:
        self._values = [dice.uniform(-1, 1) for _ in range(_LATTICE)]

    def at(self, x: float) -> float:
        """The value there."""
        whole = math.floor(x)
        a, b = self._values[whole % _LATTICE], self._values[(whole + 1) % _LATTICE]
        return a + (b - a) * ease(x - whole)

    def rough(self, x: float, octaves: int = 5, keep: float = 0.5) -> float:
        """The same with ever finer detail, each `keep` times as strong as the one before."""
        total, weight, most = 0.0, 1.0, 0.0
        for _ in range(octaves):
            total += weight * self.at(x)
            most += weight
            x, weight = 2.03 * x + 17.7, keep * weight
        return total / most


class Noise2:
    """Values from -1 to 1 in the plane."""

    def __init__(self, dice: Random) -> None:
        self._rows = [Noise(dice) for _ in range(64)]

    def at(self, x: float, y: float) -> float:
        """The value there."""
        whole = math.floor(y)
        a, b = self._rows[whole % 64].at(x), self._rows[(whole + 1) % 64].at(x)
        return a + (b - a) * ease(y - whole)

    def rough(self, x: float, y: float, octaves: int = 4) -> float:
        """The same with ever finer detail."""
        total, weight, most = 0.0, 1.0, 0.0
        for _ in range(octaves):
            total += weight * self.at(x, y)
            most += weight
            x, y, weight = 2.03 * x + 17.7, 1.97 * y + 5.3, 0.5 * weight
        return total / most
