"""What a server's Retry-After says."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from common.fetch.errors import ServerBusy

__all__ = ["busy"]

_LONGEST = 86_400.0


def busy(host: str, status: int, headers: Mapping[str, str]) -> ServerBusy:
    """The error of a server that cannot now."""
    return ServerBusy(host, status, _after(headers))


def _after(headers: Mapping[str, str]) -> float | None:
    """In seconds; a date is measured by the server's own clock."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST)
    try:
        then, now = (parsedate_to_datetime(when) for when in (text, headers.get("date", "")))
        return min(max((then - now).total_seconds(), 0.0), _LONGEST)
    except (TypeError, ValueError, OverflowError):
        return None
