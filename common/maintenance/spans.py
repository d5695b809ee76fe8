"""Calendar months, which have no length."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

__all__ = ["months_before"]

_YEAR = 12


def months_before(time: datetime, months: int) -> datetime:
    """The same time of the same day so many months ago, or of that month's last day."""
    year, month = divmod(time.year * _YEAR + time.month - 1 - months, _YEAR)
    last = monthrange(year, month + 1)[1]
    return time.replace(year=year, month=month + 1, day=min(time.day, last))
