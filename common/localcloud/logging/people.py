"""Lines for people: what runjobs logs on a laptop, where on Cloud Run it would log JSON.

`12:00:00 WARNING It is slow. (seconds=7)`, in local time: common/runtime/log.py makes them.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

__all__ = ["of_people"]

_LINE = re.compile(
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) (DEBUG|INFO|WARNING|ERROR|CRITICAL) +\S"
)
_CARE = timedelta(minutes=1)
"""By so much a line may seem older than the one before it: it says no fractions, clocks are set."""


def of_people(text: str, since: datetime) -> tuple[str, datetime] | None:
    """The severity and the time that such a line says, which is less than a day after `since`;
    None for any other."""
    found = _LINE.match(text)
    if found is None:
        return None
    hour, minute, second = map(int, found.groups()[:3])
    before = since.astimezone()
    said = before.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if said < before - _CARE:
        said += timedelta(days=1)
    return found[4], max(since, said)
