"""What is declared of a provider: how often and how many at once it may be called."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from common.errors import InvalidInput
from common.limits.adapt import Policy
from common.limits.rate import Rate

__all__ = ["Limits", "overridden"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Limits on one provider, over all containers together."""

    name: str
    """What they share: all limiters of this name on one store."""
    per_second: float
    """Calls; a rate per minute is a sixtieth of it."""
    burst: int = 0
    """Calls at once after a quiet time; 0: as many as in one second."""
    max_concurrent: int = 0
    """Calls at once; 0: any number."""
    term: timedelta = timedelta(seconds=60)
    """How long a call's slot is held without being renewed."""
    policy: Policy = field(default_factory=Policy)
    """How they give way when the provider has enough."""

    def __post_init__(self) -> None:
        if self.max_concurrent < 0:
            raise InvalidInput(
                f"{self.name}: {self.max_concurrent} at once is none: use 0 or more."
            )
        if self.term <= timedelta(0):
            raise InvalidInput(f"{self.name}: a term of {self.term} is none: use one above 0.")
        self.rate(1.0)  # refuses what is no rate

    def rate(self, share: float) -> Rate:
        """The rate that is left of the declared one."""
        declared = Rate(per_second=self.per_second, burst=self.burst)
        most = max(1, math.floor(declared.most * share))
        return Rate(per_second=self.per_second * share, burst=most)


def overridden(limits: Limits, fields: Mapping[str, Any]) -> Limits:
    """The limits with what was set at run time; what makes no sense there is left aside."""
    for name, kinds in _OVERRIDES.items():
        value = fields.get(name)
        if isinstance(value, kinds) and not isinstance(value, bool):
            changed: dict[str, Any] = {name: value}
            with suppress(InvalidInput):
                limits = replace(limits, **changed)
    return limits


_OVERRIDES: dict[str, tuple[type, ...]] = {
    "per_second": (int, float),
    "burst": (int,),
    "max_concurrent": (int,),
}
