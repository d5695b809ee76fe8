"""`usage_counters` and `usage_events`: what was used in a period, and what is charged for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast, get_args

from common.data.fields import Fields
from common.documents import Document
from common.ids import derived_id

__all__ = [
    "USAGE_COUNTERS",
    "USAGE_EVENTS",
    "EventState",
    "UsageCounter",
    "UsageEvent",
    "counter_data",
    "counter_id",
    "counter_of",
    "event_data",
    "event_of",
]

USAGE_COUNTERS = "usage_counters"
USAGE_EVENTS = "usage_events"

EventState = Literal["unreported", "sending", "reported", "refused", "late", "unknown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class UsageCounter:
    """How much of something a user has used in a period."""

    id: str
    tenant: str
    user: str
    metric: str
    """What is counted, such as pages."""
    period: str
    """The user's, as its document has it: the local date on which it began."""
    period_end: datetime
    used: int
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UsageEvent:
    """Something that a paying user has used, on its way to Stripe's meter."""

    id: str
    tenant: str
    user: str
    metric: str
    quantity: int
    at: datetime
    """When it was used."""
    customer: str
    """Stripe's id of who pays."""
    event_name: str
    """Of Stripe's meter."""
    state: EventState
    identifier: str
    """By which Stripe knows it; empty until it is sent."""
    sent_at: datetime | None
    reported_at: datetime | None
    why: str
    """Why it was refused, or is late or unknown."""
    version: str


def counter_id(tenant: str, user: str, metric: str, period: str) -> str:
    """The same for the same four, and for no others."""
    return derived_id("usage", tenant, user, metric, period)


def counter_data(  # noqa: PLR0913 - the fields of a counter
    *, tenant: str, user: str, metric: str, period: str, period_end: datetime, used: int = 0
) -> dict[str, Any]:
    """The document of a counter."""
    return {
        "tenant": tenant,
        "user": user,
        "metric": metric,
        "period": period,
        "period_end": period_end,
        "used": used,
    }


def counter_of(document: Document) -> UsageCounter:
    """What a document of `usage_counters` says. Raises Malformed."""
    fields = Fields(document)
    return UsageCounter(
        id=document.id,
        tenant=fields.text("tenant", ""),
        user=fields.text("user"),
        metric=fields.text("metric"),
        period=fields.text("period"),
        period_end=fields.time("period_end"),
        used=fields.number("used", 0),
        version=document.version,
    )


def event_data(  # noqa: PLR0913 - the fields of an event
    *,
    tenant: str,
    user: str,
    metric: str,
    quantity: int,
    at: datetime,
    customer: str,
    event_name: str,
) -> dict[str, Any]:
    """The document of an event that nobody has reported yet."""
    return {
        "tenant": tenant,
        "user": user,
        "metric": metric,
        "quantity": quantity,
        "at": at,
        "customer": customer,
        "event_name": event_name,
        "state": "unreported",
    }


def event_of(document: Document) -> UsageEvent:
    """What a document of `usage_events` says. Raises Malformed."""
    fields = Fields(document)
    return UsageEvent(
        id=document.id,
        tenant=fields.text("tenant", ""),
        user=fields.text("user"),
        metric=fields.text("metric"),
        quantity=fields.number("quantity"),
        at=fields.time("at"),
        customer=fields.text("customer", ""),
        event_name=fields.text("event_name", ""),
        state=cast("EventState", fields.word("state", *get_args(EventState))),
        identifier=fields.text("identifier", ""),
        sent_at=fields.maybe_time("sent_at"),
        reported_at=fields.maybe_time("reported_at"),
        why=fields.text("why", ""),
        version=document.version,
    )
