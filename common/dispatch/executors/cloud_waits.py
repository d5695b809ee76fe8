"""How long a service that turns us away asks us to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

__all__ = ["retry_after"]

_SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s?")


def retry_after(error: Any) -> float | None:
    """Seconds, the longest that an answer's header or its RetryInfo asks for; None where neither
    does."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    asked = [_header(headers) if headers else None, *map(_info, getattr(error, "details", ()))]
    return max((wait for wait in asked if wait is not None), default=None)


def _header(headers: Mapping[str, str]) -> float | None:
    """Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after

    A date is compared with the answer's own, for our clock may be any.
    """
    text = headers.get("Retry-After")
    if (seconds := _seconds(text)) is not None:
        return seconds
    until, now = _date(text), _date(headers.get("Date"))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _info(detail: object) -> float | None:
    """What a google.rpc.RetryInfo among an error's details says."""
    if isinstance(detail, dict) and str(detail.get("@type")).endswith("/google.rpc.RetryInfo"):
        return _seconds(detail.get("retryDelay"))
    return None


def _seconds(text: object) -> float | None:
    found = _SECONDS.fullmatch(text.strip()) if isinstance(text, str) else None
    return float(found[1]) if found else None


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
