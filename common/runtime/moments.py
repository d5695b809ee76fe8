"""Spans of time as people say them: 90s, 10m, 1h30m."""

from __future__ import annotations

import re
from datetime import timedelta

from common.errors import InvalidInput

__all__ = ["SPAN", "parse_span"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])", re.ASCII)
SPAN = r"^([0-9]+(\.[0-9]+)?[smhd])+$"
"""What a span looks like, as a regular expression."""


def parse_span(text: str) -> timedelta:
    """A length of time in seconds, minutes, hours and days. Raises InvalidInput."""
    if not re.fullmatch(SPAN[1:-1], text):
        raise InvalidInput(f"{text!r} is not a span like 90s, 10m or 1h30m.")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    try:
        return timedelta(seconds=seconds)
    except OverflowError:
        raise InvalidInput(f"{text!r} is longer than time is counted.") from None
