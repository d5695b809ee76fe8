"""runjobs providers: who may do a job's work, at what price, and how their limits are felt."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from common.cli.parts import console, json_option, print_json, shown
from common.cli.tables import span
from common.dispatch import Client
from common.dispatch.report.limits import limit_of
from common.runtime.discover import all_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from common.documents import Documents
    from common.limits import Limits
    from common.runtime.offers import Offer

__all__ = ["providers_command"]

_FELT = (
    *("A MINUTE", "AT ONCE", "CALLS", "WAITED", "REFUSED", "FAILED"),
    *("RATE", "EFFICIENCY", "ANSWER"),
)
_ROOMY = 95
"""Columns of a terminal from which on all fits; below, so many of the first are left out."""
_SPARE = 2


@click.command("providers")
@click.option("--hours", type=click.IntRange(1, 168), default=24, show_default=True)
@json_option
def providers_command(*, hours: int, in_json: bool) -> None:
    """List the providers that jobs may ask, and how their limits were felt in the last hours.

    RATE is what is left of the rate while a provider has enough. EFFICIENCY is 100 % where nothing
    was refused as too much and nobody waited for a turn.
    """
    with Client() as client:
        found = [*_found(client.documents, hours)]
    if in_json:
        print_json(found)
    elif found:
        _print(found)
    else:
        click.echo("No job has providers to choose among.", err=True)


def _found(documents: Documents, hours: int) -> Iterator[dict[str, Any]]:
    for job in all_jobs(lambda _, error: click.echo(f"Error: {error}", err=True)):
        for offer in job.offers(os.environ) if job.offers else ():
            felt = [_felt(documents, limits, hours) for limits in offer.limits]
            yield {"job": job.name, **_data(offer), "limits": felt}


def _data(offer: Offer) -> dict[str, Any]:
    return {
        "name": offer.name,
        "configured": not offer.missing,
        "missing": offer.missing,
        "takes": dict(offer.takes),
        "costs": dict(offer.costs),
    }


def _felt(documents: Documents, limits: Limits, hours: int) -> dict[str, Any]:
    """What is declared or else was set at run time, and what became of the calls."""
    found = limit_of(documents, limits.name, hours=hours)
    declared = {name: getattr(limits, name) for name in found["set"]}
    chosen = {name: value for name, value in found["set"].items() if value is not None}
    return {**declared, **found, **chosen}


def _print(found: list[dict[str, Any]]) -> None:
    screen = console()
    screen.print(_offers(found))
    for each in found:
        if each["missing"]:
            click.echo(f"{each['name']} cannot be asked: {shown(each['missing'].rstrip('.'))}.")
    if limited := [each for each in found if each["limits"]]:
        click.echo()
        screen.print(_limits(limited, roomy=screen.width >= _ROOMY))


def _offers(found: list[dict[str, Any]]) -> Table:
    table = _table("PROVIDER")
    for column in ("TAKES", "$ A SECOND"):
        table.add_column(column)
    for each in found:
        table.add_row(each["name"], *_offered(each))
    return table


def _limits(found: list[dict[str, Any]], *, roomy: bool) -> Table:
    table = _table("PROVIDER")
    first = 0 if roomy else _SPARE
    for column in _FELT[first:]:
        table.add_column(column, no_wrap=True, justify="right")
    for each in found:
        table.add_row(each["name"], *_numbers(each["limits"])[first:])
    return table


def _table(first: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    return table


def _offered(each: dict[str, Any]) -> tuple[str, str]:
    takes = "; ".join(each["takes"].values()) or ("anything" if each["configured"] else "-")
    prices = set(each["costs"].values())
    if len(prices) > 1:
        return takes, ", ".join(f"{cost:g} {what}" for what, cost in each["costs"].items())
    return takes, f"{prices.pop():g}" if prices else "-"


def _numbers(limits: list[dict[str, Any]]) -> tuple[str, ...]:
    """Of the calls that begin something, which come first."""
    first = limits[0]
    most = 60 * first["per_second"] + first["burst"]
    counts = (f"{first[name]:,}" for name in ("calls", "waited", "throttled", "failed"))
    answer = span(timedelta(seconds=first["mean_answer"])) if first["answered"] else "-"
    felt = (f"{first['share']:.0%}", f"{first['efficiency']:.0%}" if first["calls"] else "-")
    return (f"{most:g}", str(first["max_concurrent"] or "any"), *counts, *felt, answer)
