"""What the stand-in knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.services.stripe.forms import Params
from tests.services.vertex import Answer


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A meter event that counts."""

    customer: str
    event_name: str
    value: int
    timestamp: int
    identifier: str
    at: datetime
    """When it was accepted."""


@dataclass(kw_only=True)
class Meter:
    """A meter as it was set up."""

    event_name: str
    formula: str = "sum"
    customer_key: str = "stripe_customer_id"
    value_key: str = "value"
    status: str = "active"
    event_time_window: str | None = None
    id: str = ""

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": "billing.meter",
            "customer_mapping": {"event_payload_key": self.customer_key, "type": "by_id"},
            "default_aggregation": {"formula": self.formula},
            "event_name": self.event_name,
            "event_time_window": self.event_time_window,
            "status": self.status,
            "value_settings": {"event_payload_key": self.value_key},
        }


@dataclass(kw_only=True)
class Kept:
    """What a key of idempotency stands for."""

    params: Params
    at: datetime
    answer: Answer | None = None
