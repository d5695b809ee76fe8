"""Limits that all containers share: on how often, and on how many at once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from common.limits.buckets import Buckets, Permits
from common.limits.rate import Rate

if TYPE_CHECKING:
    from common.limits.adapt import Policy
    from common.limits.board import set_limits
    from common.limits.declared import Limits
    from common.limits.errors import NoTurn, SlotLost, Throttled
    from common.limits.limiter import Limiter
    from common.limits.slots import Slot, Slots
    from common.limits.stats import Statistics, statistics
    from common.limits.turn import Turn

__all__ = [
    # how often
    "Buckets",
    "Permits",
    "Rate",
    # how many at once
    "Slot",
    "Slots",
    # limits on providers
    "Limiter",
    "Limits",
    "Policy",
    "Turn",
    "set_limits",
    # how they are felt
    "Statistics",
    "statistics",
    # errors
    "NoTurn",
    "SlotLost",
    "Throttled",
]  # fmt: skip

_HOMES = {
    "Limiter": "limiter",
    "Limits": "declared",
    "NoTurn": "errors",
    "Policy": "adapt",
    "Slot": "slots",
    "SlotLost": "errors",
    "Slots": "slots",
    "Statistics": "stats",
    "Throttled": "errors",
    "Turn": "turn",
    "set_limits": "board",
    "statistics": "stats",
}
"""Where each is that comes on demand: a task needs the rates only, at its every start."""


def __getattr__(name: str) -> Any:
    """What a task can do without until it asks for it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"common.limits.{_HOMES[name]}"), name)
