"""runjobs limits: limits on providers, how they are felt, and setting them at run time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from common.cli.parts import json_option, print_json
from common.cli.tables import counts, print_table, words
from common.cli.times import span
from common.dispatch import Client
from common.dispatch.report.limits import LIMITS, limit_data
from common.documents import Data

__all__ = ["limits_command"]

_COLUMNS = (
    *words("PROVIDER"),
    *counts("CALLS"),
    *counts("WAITED", spare=True),
    *counts("REFUSED", "FAILED"),
    *counts("WAIT", "ANSWER", spare=True),
    *counts("RATE", "EFFICIENCY"),
    *words("CHOSEN", long=True),
)
_ROOMY = 100
_WEEK = 7 * 24


@click.group("limits")
def limits_command() -> None:
    """Limits on providers, which all containers share: list them, set them."""


@limits_command.command("list")
@click.option("--hours", type=click.IntRange(1, _WEEK), default=24, show_default=True)
@json_option
def list_command(*, hours: int, in_json: bool) -> None:
    """List the providers that were called, and what limits did.

    It is told of the last hours. EFFICIENCY is 100 % where nothing was refused as too much and
    nobody waited for a turn.
    """
    with Client() as client:
        found = limit_data(client.documents, hours=hours)
    if in_json:
        print_json(found)
    elif found:
        _print(found)
    else:
        click.echo("No provider with limits was called.", err=True)


@limits_command.command("set")
@click.argument("name")
@click.option("--per-second", type=float, help="Calls a second.")
@click.option("--burst", type=click.IntRange(min=0), help="Calls at once after a quiet time.")
@click.option("--max-concurrent", type=click.IntRange(min=0), help="Calls at once; 0 for any.")
@click.option("--default", is_flag=True, help="First go back to the limits that are declared.")
@json_option
def set_command(name: str, *, default: bool, in_json: bool, **limits: Any) -> None:
    """Set limits on a provider.

    Containers follow within a few seconds.
    """
    from common.limits import set_limits
    from common.limits.board import LIMITERS

    given = {limit: value for limit, value in limits.items() if value is not None}
    if not (given or default):
        raise click.UsageError("Say what to set, such as --per-second 2.")
    with Client() as client:
        _note_unknown(client, name)
        found = None if default else client.documents.get(LIMITERS, name)
        before = {} if found is None else {limit: found.data.get(limit) for limit in LIMITS}
        after = {**before, **given}
        set_limits(client.documents, name, **after)
    if in_json:
        print_json({"name": name, **{limit: after.get(limit) for limit in LIMITS}})
    else:
        click.echo(f"{name}: {_said(after) or 'as declared'}.")


def _note_unknown(client: Client, name: str) -> None:
    """A name that is mistyped is as good as any other; so it is said."""
    if name not in {each["name"] for each in limit_data(client.documents, hours=_WEEK)}:
        click.echo(f"Note: no provider {name} was called in the last week.", err=True)


def _print(found: list[dict[str, Any]]) -> None:
    print_table(_COLUMNS, map(_cells, found), roomy=_ROOMY)


def _cells(each: dict[str, Any]) -> tuple[str, ...]:
    numbers = (f"{each[name]:,}" for name in ("calls", "waited", "throttled", "failed"))
    means = (span(timedelta(seconds=each[name])) for name in ("mean_wait", "mean_answer"))
    shares = (f"{each[name]:.0%}" for name in ("share", "efficiency"))
    return (each["name"], *numbers, *means, *shares, _said(each["set"]))


def _said(limits: Data) -> str:
    """A `max_concurrent` of 0 is none."""
    return ", ".join(
        f"{name} {'any' if name == 'max_concurrent' and not value else f'{value:g}'}"
        for name, value in limits.items()
        if value is not None
    )
