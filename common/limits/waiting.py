"""Waiting for a turn, as long as there is time and nobody says to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common.clock import Clock
from common.limits.claim import Claim
from common.limits.errors import NoTurn

__all__ = ["Patience"]

_NAP = 5.0
"""Seconds after which whoever waits looks whether the limits were changed."""
_JITTER = 0.02
"""Up to this share, and this many seconds, is added to a wait: others wait for the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How somebody waits."""

    within: float | None
    """Seconds; None for as long as it takes."""
    sleep: Callable[[float], None]
    check: Callable[[], None]
    """Raises when there is no more reason to wait."""

    def wait(self, claim: Claim, name: str, clock: Clock, rng: Callable[[], float]) -> float:
        """Seconds until the turn was had; 0.0 where it was had at once. Raises NoTurn."""
        started, naps = clock.monotonic(), 0
        while True:
            self.check()
            wait = claim.advance()
            spent = clock.monotonic() - started
            if not wait:
                return spent if naps else 0.0
            self.sleep(self._nap(claim, name, wait, spent, rng))
            naps += 1

    def _nap(
        self, claim: Claim, name: str, wait: float, spent: float, rng: Callable[[], float]
    ) -> float:
        nap = min(wait + rng() * min(_JITTER, _JITTER * wait), _NAP)
        if self.within is None:
            return nap
        left = self.within - spent
        if left <= 0 or (claim.is_sure and wait > left):
            raise NoTurn(name, wait)
        return min(nap, left)
