"""When a run is due, as people say it: --delay 10m, --at 2026-12-24T18:00."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click

__all__ = ["due_option"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?[smhd])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")

Due = Callable[[datetime], datetime | None]


def due_option(command: Any) -> Any:
    """--at and --delay: each makes `due`, a function from now to the moment (None: at once)."""
    command = click.option(
        "--at",
        callback=_at,
        expose_value=False,
        metavar="TIME",
        help="Not before this time: 2026-12-24T18:00 (local), 2026-12-24T18:00Z.",
    )(command)
    return click.option(
        "--delay",
        "due",
        callback=_delay,
        metavar="SPAN",
        help="Not before this long from now: 90s, 10m, 1h30m, 2d.",
    )(command)


def _at(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is None:
        return
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a time like 2026-12-24T18:00.") from None
    ctx.meta["at"] = moment.astimezone(UTC)


def _delay(ctx: click.Context, _param: click.Parameter, value: str | None) -> Due:
    if value is None:
        return lambda _: ctx.meta.get("at")
    if not _SPAN.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not a span like 90s, 10m or 1h30m.")
    if "at" in ctx.meta:
        raise click.UsageError("Say either --at or --delay.")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value))
    return lambda now: now + timedelta(seconds=seconds)
