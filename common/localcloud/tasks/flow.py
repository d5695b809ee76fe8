"""How fast a queue may flow: pure functions, of which a queue's document keeps the state.

A bucket of tokens fills at the queue's rate up to its burst, and each dispatch takes one. Each 429
or 503 halves the rate, at most once a second and six times; ten seconds without one double it
again. Google says that it slows a queue down then, and not how.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from common.localcloud.rpc import Json
from common.localcloud.values import time, timestamp

__all__ = ["Flow"]

_SLOWEST = 6
_APART = timedelta(seconds=1)
_RECOVERY = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """Where a queue stood at a time."""

    rate: float
    """Dispatches in a second, as the queue says."""
    burst: int
    tokens: float
    at: datetime
    """When there were so many tokens."""
    halved: int = 0
    slowed: datetime | None = None
    """When the rate was halved for the last time, and how often it then was."""

    @classmethod
    def of(cls, limits: Json, kept: Json, now: datetime) -> Flow:
        """Of a queue's rateLimits and what was kept of it; a new queue's bucket is full."""
        burst = limits["maxBurstSize"]
        return cls(
            rate=limits["maxDispatchesPerSecond"],
            burst=burst,
            tokens=kept.get("tokens", float(burst)),
            at=time(kept, "at") or now,
            halved=kept.get("halved", 0),
            slowed=time(kept, "slowed"),
        )

    def kept(self) -> Json:
        """What a queue's document keeps of it."""
        slowed = {"halved": self.halved, "slowed": timestamp(self.slowed)} if self.slowed else {}
        return {"tokens": self.tokens, "at": timestamp(self.at), **slowed}

    def pace(self, now: datetime) -> float:
        """Dispatches in a second, as it is now."""
        return self.rate / 2.0 ** self._halvings(now)

    def filled(self, now: datetime) -> Flow:
        """As it stands by then."""
        passed = max(0.0, (now - self.at).total_seconds())
        tokens = min(float(self.burst), self.tokens + passed * self.pace(now))
        return replace(self, tokens=tokens, at=max(now, self.at))

    def taken(self, dispatches: int) -> Flow:
        """After so many."""
        return replace(self, tokens=self.tokens - dispatches)

    def wait(self, now: datetime) -> float:
        """Seconds until there is a token, if none is taken in between."""
        missing = 1.0 - self.filled(now).tokens
        return max(0.0, missing) / self.pace(now)

    def slower(self, now: datetime) -> Flow | None:
        """After a 429 or 503: half the rate, and no burst. None where it was only just halved."""
        if self.slowed is not None and now - self.slowed < _APART:
            return None
        halved = min(_SLOWEST, self._halvings(now) + 1)
        tokens = min(0.0, self.filled(now).tokens)
        return replace(self, tokens=tokens, at=max(now, self.at), halved=halved, slowed=now)

    def _halvings(self, now: datetime) -> int:
        if self.slowed is None:
            return 0
        return max(0, self.halved - max(timedelta(0), now - self.slowed) // _RECOVERY)
