"""How long whoever refuses us asks us to wait."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.genai.errors import APIError

__all__ = ["retry_after", "retry_info"]

SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s?")


def retry_after(error: APIError) -> float | None:
    """Seconds, the longest that header and body ask for; None where neither does."""
    headers = getattr(error.response, "headers", None) or {}
    body = error.details.get("error") if isinstance(error.details, dict) else None
    details = body.get("details") if isinstance(body, dict) else None
    asked = [wait for wait in (_header(headers), retry_info(details)) if wait is not None]
    return max(asked, default=None)


def retry_info(details: object) -> float | None:
    """What a google.rpc.RetryInfo among an error's details says, in seconds."""
    return max(_delays(details), default=None)


def _delays(details: object) -> Iterator[float]:
    for detail in details if isinstance(details, list) else []:
        if isinstance(detail, dict) and str(detail.get("@type")).endswith("google.rpc.RetryInfo"):
            delay = _seconds(detail.get("retryDelay"))
            if delay is not None:
                yield delay


def _header(headers: Mapping[str, str]) -> float | None:
    # https://www.rfc-editor.org/rfc/rfc9110#name-retry-after: seconds, or a date.
    text = headers.get("Retry-After")
    if text is None or (seconds := _seconds(text)) is not None:
        return None if text is None else seconds
    until, now = _date(text), _date(headers.get("Date")) or datetime.now(UTC)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _seconds(text: Any) -> float | None:
    found = SECONDS.fullmatch(text.strip()) if isinstance(text, str) else None
    return None if found is None else float(found[1])


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
