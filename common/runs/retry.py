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

        As long as the error itself asks for, where it does; at most 30 days.
        """
        if not error.retryable or failures > len(self.delays):
            return None
        asked = error.after
        sane = asked is not None and math.isfinite(asked) and asked >= 0
        delay = asked if asked is not None and sane else self.delays[failures - 1]
        return timedelta(seconds=min(delay * (1 + self.jitter * rng()), _LONGEST))
