"""How a rate gives way to a provider that has enough, and comes back: pure functions of time.

It falls by a factor at each sign that the provider has enough, and rises again evenly with time.
So nothing is written while it recovers, and all containers know the same rate at the same moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

__all__ = ["Observation", "Policy", "State", "adapt", "share"]

_PAUSE = timedelta(seconds=1)
"""Signs that come sooner after one another tell of the same thing."""
_LONGEST = 86400.0
"""Seconds; nobody is waited for any longer, whatever they ask."""
_STEPS = 20
"""Shares are rounded to so many, or the number of shards would change all the time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How much a rate gives way."""

    on_throttled: float = 0.5
    """What is left of the rate after "too many requests"."""
    on_slow: float = 0.8
    """What is left of it when answers take far longer than usual."""
    slow: float = 4.0
    """How many times the usual that is; 0 for never."""
    lowest: float = 0.05
    """The share of the declared rate that is never given up."""
    recovery: float = 300.0
    """Seconds from nothing back to the whole rate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What all containers know of how the provider is."""

    share: float = 1.0
    """Of the declared rate, at `since`."""
    since: datetime | None = None
    """When it was last lowered; None if never."""
    not_before: datetime | None = None
    """The provider asked not to be called before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """A sign that the provider has enough."""

    began: datetime
    """When the call that tells of it began, by server time."""
    throttled: bool
    """Whether it was refused; else it was far slower than usual."""
    after: float | None = None
    """Seconds after which it may be called again, where it said so."""


def share(state: State, now: datetime, policy: Policy) -> float:
    """The share of the declared rate that holds now, above 0 and at most 1."""
    if state.since is None:
        return 1.0
    resumed = max(state.since, state.not_before or state.since)
    back = max(0.0, (now - resumed).total_seconds()) / policy.recovery
    steps = math.floor((state.share + back) * _STEPS + 1e-9)
    return min(1.0, max(policy.lowest, steps / _STEPS))


def adapt(state: State, seen: Observation, now: datetime, policy: Policy) -> State:
    """The state after that; the very same one where it makes no difference worth a write.

    A call that began before the rate was last lowered tells of the rate before that.
    """
    lowered = state
    if state.since is None or (seen.began > state.since and now - state.since >= _PAUSE):
        factor = policy.on_throttled if seen.throttled else policy.on_slow
        left = max(policy.lowest, share(state, now, policy) * factor)
        lowered = replace(state, share=left, since=now)
    return _held(lowered, seen, now)


def _held(state: State, seen: Observation, now: datetime) -> State:
    if seen.after is None or not (math.isfinite(seen.after) and seen.after > 0):
        return state
    until = now + timedelta(seconds=min(seen.after, _LONGEST))
    if state.not_before is not None and until - state.not_before < _PAUSE:
        return state
    return replace(state, not_before=until)
