"""What is in the stand-in: meters, customers, and the events that count."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.services.stripe.records import Accepted, Kept, Meter


@dataclass(kw_only=True)
class Books:
    """All that it knows."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    meters: list[Meter] = field(default_factory=list)
    customers: set[str] = field(default_factory=set)
    """Those that exist; empty: any that looks like one."""
    events: list[Accepted] = field(default_factory=list)
    """What counts, in the order in which it came."""
    lag: timedelta = timedelta(0)
    """How long it takes until summaries have what came."""
    keys: list[str] = field(default_factory=list)
    """Of idempotency."""

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._identifiers: dict[str, datetime] = {}
        self._kept: dict[str, Kept] = {}
        self._at_work: Counter[tuple[str, str]] = Counter()

    def meter(self, event_name: str, **options: Any) -> Meter:
        """Set one up."""
        meter = Meter(event_name=event_name, id=f"mtr_{len(self.meters) + 1}", **options)
        self.meters.append(meter)
        return meter

    def total(self, customer: str, event_name: str) -> int:
        """What a customer will be billed for."""
        return sum(
            event.value
            for event in self.events
            if (event.customer, event.event_name) == (customer, event_name)
        )

    def use(self, *, quantity: int, at: datetime, customer: str = "cus_1") -> None:
        """Something that somebody else has reported of the first meter."""
        self.events.append(
            Accepted(
                customer=customer,
                event_name=self.meters[0].event_name,
                value=quantity,
                timestamp=int(at.timestamp()),
                identifier=f"other {len(self.events)}",
                at=self.now(),
            )
        )
