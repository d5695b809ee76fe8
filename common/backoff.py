"""How long to wait before trying again: one jittered, capped function for all of runjobs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from common.clock import Clock

__all__ = ["backoff", "tries"]


def backoff(
    attempt: int, *, base: float, cap: float, rng: Callable[[], float] = random.random
) -> float:
    """Seconds to wait after failed attempt number `attempt` (1, 2, …).

    Doubles from `base` up to `cap` and takes a random share between half and all of it, so that
    those who failed together do not come back together.
    """
    full = min(cap, base * 2.0 ** min(attempt - 1, 60))
    return full * (0.5 + 0.5 * rng())


def tries(
    clock: Clock,
    *,
    patience: float,
    base: float,
    cap: float,
    rng: Callable[[], float] = random.random,
) -> Iterator[int]:
    """Number tries from 1, waiting between them, until `patience` seconds have gone by.

    The last try begins no later than the end of patience; there is always a first one.
    """
    end = clock.monotonic() + patience
    attempt = 1
    while True:
        yield attempt
        left = end - clock.monotonic()
        if left <= 0:
            return
        clock.sleep(min(left, backoff(attempt, base=base, cap=cap, rng=rng)))
        attempt += 1
