"""A stand-in for Stripe that speaks the HTTP of meters, meter events and their summaries.

POST /v1/billing/meter_events                  event_name, payload[…], identifier, timestamp
GET  /v1/billing/meters                        status, limit, starting_after
GET  /v1/billing/meters/ID/event_summaries     customer, start_time, end_time, value_grouping_window

It is as strict as Stripe says to be (docs.stripe.com/api/billing/meter-event, and
docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api): params it does not know are
refused, an identifier is refused for 24 hours by its own clock, a key of idempotency gives the
answer that it gave before, and there is one call at a time for a customer and a meter.
"""

from __future__ import annotations

from tests.services.stripe.faults import (
    BROKEN,
    DRIPPING,
    GARBAGE,
    HANGING,
    LOST,
    RESET,
    Fault,
    busy,
)
from tests.services.stripe.server import KEY, Stripe

__all__ = [
    "KEY",
    "Stripe",
    # how calls go wrong
    "BROKEN",
    "DRIPPING",
    "GARBAGE",
    "HANGING",
    "LOST",
    "RESET",
    "Fault",
    "busy",
]
