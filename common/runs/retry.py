"""Whether and when a failed attempt is tried again: a pure function of policy and history."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from common.runs.records import Failure

__all__ = ["Retry"]

_LONGEST = 30 * 86400.0
"""Seconds; no one is waited for any longer, whatever they ask."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A job's policy: the seconds to wait after the first, second, … failure, then no more."""

    delays: tuple[float, ...] = (60.0, 300.0, 900.0)
    jitter: float = 0.1
    """Up to this share of a delay is added to it."""

    @property
    def max_attempts(self) -> int:
        """Attempts in all, the first one included."""
        return len(self.delays) + 1

    def after(
        self, error: Failure, *, failures: int, rng: Callable[[], float] = random.random
    ) -> timedelta | None:
        """How long to wait after failure number `failures` (1, 2, …); None for never again.

        Not shorter than the error itself asks for, up to 30 days.
        """
        if not error.retryable or failures > len(self.delays):
            return None
        delay = self.delays[failures - 1] * (1 + self.jitter * rng())
        return timedelta(seconds=min(max(delay, _asked(error)), _LONGEST))


def _asked(error: Failure) -> float:
    after = error.after or 0.0
    return after if math.isfinite(after) else 0.0
