"""runjobs providers: who may do a job's work, at what price, and how their limits are felt."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from common.cli.parts import json_option, print_json, shown
from common.cli.tables import counts, print_table, words
from common.cli.times import span
from common.dispatch import Client
from common.dispatch.report.limits import limit_of
from common.runtime.discover import all_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common.documents import Documents
    from common.limits import Limits
    from common.runtime.offers import Offer

__all__ = ["providers_command"]

_OFFERED = (*words("PROVIDER"), *words("TAKES", "$ A SECOND", long=True))
_CALLED = (
    *words("PROVIDER"),
    *counts("A MINUTE", "AT ONCE", spare=True),
    *counts("CALLS", "WAITED", "REFUSED", "FAILED", "RATE", "EFFICIENCY", "ANSWER"),
)
_ROOMY = 95


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
    print_table(_OFFERED, map(_offered, found))
    for each in found:
        if each["missing"]:
            click.echo(f"{each['name']} cannot be asked: {shown(each['missing'].rstrip('.'))}.")
    if limited := [each for each in found if each["limits"]]:
        click.echo()
        print_table(_CALLED, map(_called, limited), roomy=_ROOMY)


def _offered(each: dict[str, Any]) -> tuple[str, str, str]:
    takes = "; ".join(each["takes"].values()) or ("anything" if each["configured"] else "-")
    prices = set(each["costs"].values())
    price = f"{prices.pop():g}" if len(prices) == 1 else _prices(each["costs"])
    return each["name"], takes, price


def _prices(costs: dict[str, float]) -> str:
    return ", ".join(f"{cost:g} {what}" for what, cost in costs.items()) or "-"


def _called(each: dict[str, Any]) -> tuple[str, ...]:
    """Of the calls that begin something, which come first."""
    first = each["limits"][0]
    most = 60 * first["per_second"] + first["burst"]
    numbers = (f"{first[name]:,}" for name in ("calls", "waited", "throttled", "failed"))
    answer = span(timedelta(seconds=first["mean_answer"])) if first["answered"] else "-"
    felt = (f"{first['share']:.0%}", f"{first['efficiency']:.0%}" if first["calls"] else "-")
    at_once = str(first["max_concurrent"] or "any")
    return (each["name"], f"{most:g}", at_once, *numbers, *felt, answer)
