"""How long calls may take, and how often they are tried again."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from common.clock import SYSTEM, Clock

__all__ = ["Pace"]

_SLICE = 0.5
"""Seconds after which a wait looks whether it has to end."""
_RETRIES = 30.0
_EARNED = 0.1


class _Budget:
    """Retries that an account may yet make: where most calls fail, more of them help nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = _RETRIES

    def earn(self) -> None:
        with self._lock:
            self._left = min(_RETRIES, self._left + _EARNED)

    def spend(self) -> bool:
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The time and the patience of one account's calls."""

    end: float = math.inf
    """In the clock's monotonic seconds: of the attempt."""
    patience: float = 120.0
    """Seconds for one call with all its tries, or for the next bytes of a transfer."""
    each: float = 30.0
    """Seconds for one try."""
    check: Callable[[], None] = lambda: None
    """Raises when the work has to end."""
    clock: Clock = SYSTEM
    rng: Callable[[], float] = random.random
    _budget: _Budget = field(default_factory=_Budget)

    def end_of(self, seconds: float) -> float:
        """When that many seconds from now have gone by, but the end at last."""
        return min(self.end, self.clock.monotonic() + seconds)

    def wait(self, seconds: float) -> None:
        """Let so many seconds go by; raises what `check` raises."""
        until = self.clock.monotonic() + seconds
        while (left := until - self.clock.monotonic()) > 0:
            self.check()
            self.clock.sleep(min(left, _SLICE))

    def may_retry(self) -> bool:
        """Whether one more retry is within the account's budget, from which it is taken then."""
        return self._budget.spend()

    def succeeded(self) -> None:
        """A call went well: a tenth of a retry more."""
        self._budget.earn()
