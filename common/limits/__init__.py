"""Limits that all containers share: on how often, and on how many at once."""

from __future__ import annotations

from common.limits.adapt import Policy
from common.limits.board import set_limits
from common.limits.buckets import Buckets, Permits
from common.limits.declared import Limits
from common.limits.errors import NoTurn, SlotLost, Throttled
from common.limits.limiter import Limiter
from common.limits.rate import Rate
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
