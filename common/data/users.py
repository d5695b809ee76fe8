"""`users`: whom the application serves, and the billing period that each of them is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from common.data.fields import Fields
from common.documents import Document

__all__ = ["USERS", "Plan", "User", "user_data", "user_of"]

USERS = "users"
_LAST_DAY = 31

Plan = Literal["free", "paid"]


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A user as it stood when it was read."""

    id: str
    """The application's own."""
    tenant: str
    email: str
    plan: Plan
    time_zone: str
    """IANA's name, by which its months are told."""
    created: datetime
    anchor_day: int
    """1 to 31: the day of the month on which its periods begin, or the last day of shorter ones."""
    period_start: datetime | None
    """When the current period began; None before the first was set."""
    period_end: datetime | None
    """When it ends and the next begins: the moment itself belongs to the next."""
    period: str
    """The local date on which the current one began, such as 2026-11-30; empty before the first."""
    opted_out: datetime | None
    """Since when it wants its data to be gone."""
    stripe_customer: str
    """Empty where there is none."""
    version: str


def user_of(document: Document) -> User:
    """What a document of the collection says. Raises Malformed."""
    fields = Fields(document)
    zone, created = fields.text("time_zone", "UTC"), fields.time("created")
    return User(
        id=document.id,
        tenant=fields.text("tenant", ""),
        email=fields.text("email", ""),
        plan=cast("Plan", fields.word("plan", "free", "paid", default="free")),
        time_zone=zone,
        created=created,
        anchor_day=_anchor_day(fields, zone, created),
        period_start=fields.maybe_time("period_start"),
        period_end=fields.maybe_time("period_end"),
        period=fields.text("period", ""),
        opted_out=fields.maybe_time("opted_out"),
        stripe_customer=fields.text("stripe_customer", ""),
        version=document.version,
    )


def user_data(
    *,
    created: datetime,
    tenant: str = "",
    email: str = "",
    plan: Plan = "free",
    time_zone: str = "UTC",
    **others: Any,
) -> dict[str, Any]:
    """What the application writes of a new user; `others` are optional fields."""
    data = {"tenant": tenant, "email": email, "plan": plan, "time_zone": time_zone}
    return {**data, "created": created, **others}


def _anchor_day(fields: Fields, zone: str, created: datetime) -> int:
    day = fields.number("anchor_day", _local(fields, zone, created).day)
    if not 1 <= day <= _LAST_DAY:
        raise fields.malformed("anchor_day", f"a day from 1 to {_LAST_DAY}")
    return day


def _local(fields: Fields, zone: str, time: datetime) -> datetime:
    try:
        return time.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    except (KeyError, ValueError, OSError):  # no such zone, or a name that could not be one's
        raise fields.malformed("time_zone", "a time zone such as Europe/Berlin") from None
