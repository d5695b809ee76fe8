"""A limiter as it stands: what is declared, what was set at run time, and how the provider is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.limits.adapt import State, share
from common.limits.declared import Limits, overridden
from common.limits.rate import Rate

__all__ = ["Standing", "read_standing", "read_state"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A limiter as it stands, by what was read last."""

    limits: Limits
    state: State
    usual: float | None
    """Seconds that the provider takes to answer, as others found."""

    def rate(self, now: datetime) -> Rate:
        """The rate that holds now."""
        return self.limits.rate(share(self.state, now, self.limits.policy))

    def pause(self, now: datetime) -> float:
        """Seconds for which the provider asked not to be called."""
        until = self.state.not_before
        return 0.0 if until is None else max(0.0, (until - now).total_seconds())


def read_standing(limits: Limits, fields: Mapping[str, Any]) -> Standing:
    """A limiter by its document, where there is one."""
    usual = fields.get("usual")
    known = float(usual) if isinstance(usual, (int, float)) else None
    return Standing(overridden(limits, fields), read_state(fields), known)


def read_state(fields: Mapping[str, Any]) -> State:
    """How the provider is, by a limiter's document; what makes no sense there is left aside."""
    since, held, left = (fields.get(name) for name in ("since", "not_before", "share"))
    return State(
        share=float(left) if isinstance(left, (int, float)) else 1.0,
        since=since if isinstance(since, datetime) else None,
        not_before=held if isinstance(held, datetime) else None,
    )
