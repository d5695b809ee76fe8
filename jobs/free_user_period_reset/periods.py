"""Billing periods: which one a moment is in, for a time zone and an anchor day.

period   from midnight on the anchor day, where the user lives, to that of the next month; half-open
anchor   the day of the month on which periods begin; in a month without it, the last day
label    the local date on which a period begins, such as 2026-11-30: its name in documents

Each period is worked out from the anchor and never from the one before, so that a period that began
on 28 February is followed by one that begins on 31 March, and not on the 28th.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

__all__ = ["Period", "midnight", "period_at"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """One billing period."""

    begins: date
    """Local date of its first day."""
    start: datetime
    """Its first moment, UTC."""
    end: datetime
    """The first moment of the next one, UTC."""

    @property
    def label(self) -> str:
        """What documents call it."""
        return self.begins.isoformat()


def period_at(moment: datetime, zone: tzinfo, anchor: int) -> Period:
    """The period that a moment is in; periods of one zone and anchor tile all of time."""
    local = moment.astimezone(zone)
    month = 12 * local.year + local.month - 1
    # The month after, too: where clocks go back across midnight, the date does as well.
    begun = (
        begins
        for begins in (_begins(month + ahead, anchor) for ahead in (1, 0, -1))
        if midnight(begins, zone) <= moment
    )
    begins = next(begun)
    following = _begins(12 * begins.year + begins.month, anchor)
    return Period(begins=begins, start=midnight(begins, zone), end=midnight(following, zone))


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins in a zone, UTC. Where clocks skip midnight, or the whole day, that is when
    they do; where midnight comes twice, the first time."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _begins(month: int, anchor: int) -> date:
    """The first day of the period that begins in a month, counted from the year 0."""
    year, index = divmod(month, 12)
    return date(year, index + 1, min(anchor, monthrange(year, index + 1)[1]))
