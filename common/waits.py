"""How long a service that turns us away asks us to wait."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["asked_wait"]

_MOST = 86_400.0
_SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s?")


def asked_wait(headers: Mapping[str, str] | None, details: object) -> float | None:
    """Seconds, the longest that an answer's Retry-After or a google.rpc.RetryInfo among its details
    asks for, and at most a day; None where neither does."""
    infos = details if isinstance(details, Iterable) else ()
    asked = [_header(headers or {}), *map(_info, infos)]
    found = max((wait for wait in asked if wait is not None), default=None)
    return None if found is None else min(found, _MOST)


def _header(headers: Mapping[str, str]) -> float | None:
    """Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after

    A date is compared with the answer's own, for our clock may be any.
    """
    text = headers.get("Retry-After")
    if (seconds := _seconds(text)) is not None:
        return seconds
    until, now = _date(text), _date(headers.get("Date")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds()) if until else None


def _info(detail: object) -> float | None:
    if isinstance(detail, dict) and str(detail.get("@type")).endswith("/google.rpc.RetryInfo"):
        return _seconds(detail.get("retryDelay"))
    return None


def _seconds(text: object) -> float | None:
    found = _SECONDS.fullmatch(text.strip()) if isinstance(text, str) else None
    return float(found[1]) if found else None


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except (TypeError, ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
