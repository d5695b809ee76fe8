"""Going through every point at which a process meets the world outside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count

from tests.chaos.counts import CHAOS

__all__ = ["points"]

STRIDE = 1 if CHAOS >= 1 else 10
"""Every so many points are tried, each time from another one on."""


def points(met: Callable[[int], bool]) -> Iterator[int]:
    """Try points by their numbers until one is not `met`: then there are no more."""
    for at in count(_first(), STRIDE):
        if not met(at):
            return
        yield at


def _first() -> int:
    return os.getpid() % STRIDE + 1
