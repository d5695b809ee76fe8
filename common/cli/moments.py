"""Moments and spans as people say them: 2026-12-24T18:00, 1h30m."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

__all__ = ["Moment", "Span"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?[smhd])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time, local unless it says otherwise; becomes an aware datetime in UTC."""

    name = "time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read it."""
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a time like 2026-12-24T18:00.", param, ctx)


class Span(click.ParamType[timedelta]):
    """A length of time in seconds, minutes, hours and days; becomes a timedelta."""

    name = "span"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read it."""
        if not _SPAN.fullmatch(value):
            self.fail(f"{value!r} is not a span like 90s, 10m or 1h30m.", param, ctx)
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value))
        try:
            return timedelta(seconds=seconds)
        except OverflowError:
            self.fail(f"{value!r} is longer than time is counted.", param, ctx)
