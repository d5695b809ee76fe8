"""Going through every point at which a process meets the world outside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count

from tests.chaos.counts import CHAOS

__all__ = ["FEW_CALLS", "MANY_CALLS", "points"]

MANY_CALLS, FEW_CALLS = 10, 3
"""Of so many points one is tried where not all are wanted: of a task's, and of what is brief."""


def points(met: Callable[[int], bool], stride: int) -> Iterator[int]:
    """Try points by their numbers until one is not `met`: then there are no more."""
    stride = 1 if CHAOS >= 1 else stride
    for at in count(os.getpid() % stride + 1, stride):
        if not met(at):
            return
        yield at
