"""runjobs queues: how they stand, their limits at run time, and stopping them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from common.cli.parts import json_option, one_or_all, print_json, runs_are
from common.cli.queue_options import NONE, LimitType, queue_name, tenant_weights
from common.cli.queue_report import note_unknown, report_queues
from common.dispatch import Client
from common.dispatch.report.queues import queue_standing, queue_standings
from common.runs import Line

__all__ = ["queues_command"]

_name = click.argument("name", callback=queue_name)


@click.group("queues")
def queues_command() -> None:
    """Queues: list them, set their limits, pause, resume and empty them."""


@queues_command.command("list")
@json_option
def list_command(*, in_json: bool) -> None:
    """List the queues: what waits and runs in each, and its limits.

    READY is due and waits for its turn, LATER is not due yet, ACTIVE is starting or running.
    """
    with Client() as client:
        report_queues(queue_standings(client), in_json=in_json)


@queues_command.command("set")
@_name
@click.option(
    "--max-concurrent",
    type=LimitType(int),
    metavar="N|none",
    help="Runs that start or run at once.",
)
@click.option(
    "--max-per-second", type=LimitType(float), metavar="N|none", help="Runs that begin in a second."
)
@click.option(
    "--burst",
    type=click.IntRange(min=0),
    help="Runs that may begin at once after a rest; 0 for as many as come in a second.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    callback=tenant_weights,
    metavar="TENANT=N",
    help="Start so many runs of a tenant in its turn, where others have one.",
)
@click.option("--default", is_flag=True, help="First go back to the limits that are declared.")
@json_option
def set_command(
    name: str, *, weights: dict[str, int], default: bool, in_json: bool, **limits: Any
) -> None:
    """Set a queue's limits, for all dispatchers, at once.

    They go before what the job declares; what runs already goes on.
    """
    chosen: dict[str, Any] = {
        limit: None if value == NONE else value
        for limit, value in limits.items()
        if value is not None
    }
    if not (chosen or weights or default):
        raise click.UsageError("Say what to set, such as --max-concurrent 5.")
    with Client() as client:
        note_unknown(client, name)
        queues = client.queues
        if default:
            replace(queues.get(name).limits, **chosen)  # which refuses what cannot be
            queues.choose(name, {})
        if chosen:
            queues.choose(name, chosen)
        for tenant, weight in weights.items():
            queues.weigh(name, tenant, weight)
        _report(client, name, in_json=in_json)
        client.look_at(name)


@queues_command.command("pause")
@one_or_all(callback=queue_name)
@json_option
def pause_command(name: str | None, *, in_json: bool) -> None:
    """Start nothing of a queue until it is resumed.

    What runs goes on.
    """
    with Client() as client:
        for each in _named(client, name):
            client.queues.pause(each)
        _report(client, name, in_json=in_json)


@queues_command.command("resume")
@one_or_all(callback=queue_name)
@json_option
def resume_command(name: str | None, *, in_json: bool) -> None:
    """Start again what is in a queue that was paused."""
    with Client() as client:
        resumed = _named(client, name)
        for each in resumed:
            client.queues.pause(each, paused=False)
        _report(client, name, in_json=in_json)
        for each in resumed:
            client.look_at(each)


@queues_command.command("purge")
@_name
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def purge_command(name: str, *, yes: bool, in_json: bool) -> None:
    """Cancel all runs that wait in a queue.

    Those that are starting or running go on.
    """
    from common.runs.purging import purge

    with Client() as client:
        note_unknown(client, name)
        depth = Line(client.documents).depth(name)
        waiting = depth.ready + depth.later
        if waiting and not (yes or in_json):
            click.confirm(f"{runs_are(waiting)} waiting in {name}: cancel them?", abort=True)
        purged = purge(client.runs, name)
        if in_json:
            print_json({"queue": name, "cancelled": purged.cancelled})
        else:
            click.echo(f"{runs_are(purged.cancelled)} cancelled.")
        for run in purged.continued:
            client.look_at(run.queue)


def _named(client: Client, name: str | None) -> list[str]:
    """One, or all that there are."""
    if name is None:
        return [each.queue.name for each in queue_standings(client)]
    note_unknown(client, name)
    return [name]


def _report(client: Client, name: str | None, *, in_json: bool) -> None:
    found = queue_standings(client) if name is None else [queue_standing(client, name)]
    report_queues(found, in_json=in_json)
