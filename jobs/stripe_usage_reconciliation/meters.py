"""Meters as they are set up at Stripe: what the events for each have to be like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Meter", "Meters"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meter:
    """One meter."""

    id: str
    event_name: str
    formula: str
    """What it makes of its events: their sum, their count, or the last one."""
    customer_key: str
    """The payload's name for the customer."""
    value_key: str
    """The payload's name for the quantity."""
    replaces: str = ""
    """hour or day, where of all events in one only the last counts: it has to be their sum."""

    def weight(self, quantity: int) -> int:
        """What an event of this quantity adds."""
        return 1 if self.formula == "count" else quantity

    @property
    def adds(self) -> bool:
        """Whether its events are added up, so that what is there tells which of them are."""
        return self.formula in {"sum", "count"} and not self.replaces


Meters = Mapping[str, Meter]
"""Those that are active, by the names of their events."""
