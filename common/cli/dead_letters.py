"""runjobs dead-letters: runs that failed for good, and another chance for them."""

from __future__ import annotations

import click

from common.cli.parts import json_option, print_json
from common.cli.report import brief
from common.cli.tables import print_runs
from common.dispatch import Client
from common.runs import State

__all__ = ["dead_letters_command"]


@click.group("dead-letters")
def dead_letters_command() -> None:
    """Runs that failed for good: list them, replay them."""


@dead_letters_command.command("list")
@click.option("--job", metavar="JOB", help="Of this job only.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
def list_command(*, job: str | None, limit: int, in_json: bool) -> None:
    """List dead letters, newest first, with what they failed of."""
    where = {"state": State.FAILED.value} | ({"job": job} if job else {})
    with Client() as client:
        runs = client.runs.list(where, limit=limit)
    print_runs(runs, in_json=in_json, otherwise="There are no dead letters.")


@dead_letters_command.command("replay")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@json_option
def replay_command(*, ids: tuple[str, ...], in_json: bool) -> None:
    """Try failed runs again, with a new count of attempts; their history stays."""
    with Client() as client:
        replayed = [client.dispatcher.advance(client.runs.replay(id)) for id in ids]
    if in_json:
        print_json([brief(run) for run in replayed])
        return
    for run in replayed:
        click.echo(f"{run.id} is {run.state} again; see it through with `runjobs watch {run.id}`.")
