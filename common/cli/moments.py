"""Moments and spans as people say them: 2026-12-24T18:00, 1h30m."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from common.errors import InvalidInput
from common.runtime.moments import parse_span

__all__ = ["Moment", "Span"]


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
        try:
            return parse_span(value)
        except InvalidInput as error:
            self.fail(str(error), param, ctx)
