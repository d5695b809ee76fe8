"""How often something may happen, and how that is divided among shards."""

from __future__ import annotations

import math
from dataclasses import dataclass

from common.errors import InvalidInput

__all__ = ["MOST_SHARDS", "Rate"]

MOST_SHARDS = 500
"""Above 500 a second a shard is written more than once a second; Cloud Tasks ends there too."""
_LONGEST = 1e9
"""Seconds, about 30 years, in which a burst must have filled again: times have an end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """Any t seconds hold at most `most` + `per_second` * t permits, over all shards together."""

    per_second: float
    burst: int = 0
    """Permits that may be had at once after a quiet time; 0: as many as come in one second."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.per_second) and self.per_second > 0):
            raise InvalidInput(f"A rate of {self.per_second} a second is none: use one above 0.")
        if self.burst < 0:
            raise InvalidInput(f"A burst of {self.burst} is none: use 0 or more.")
        if self.most / self.per_second > _LONGEST:
            raise InvalidInput(
                f"At {self.per_second} a second a burst of {self.most} takes over 30 years to "
                "come again: use a higher rate or a smaller burst."
            )

    @property
    def most(self) -> int:
        """The burst that holds: at least 1."""
        return self.burst or max(1, math.ceil(self.per_second))

    @property
    def shards(self) -> int:
        """As many as there are permits in a second, so that none gives more than one a second.

        Where the burst is smaller there is one for each permit of it, and each gives more often.
        """
        return max(1, min(math.ceil(self.per_second), self.most, MOST_SHARDS))

    @property
    def interval(self) -> float:
        """Seconds from one permit of a shard to its next."""
        return self.shards / self.per_second

    @property
    def capacity(self) -> float:
        """Permits that one shard saves up; at least 1."""
        return self.most / self.shards
