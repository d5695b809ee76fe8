"""runjobs cancel: changing what becomes of a run."""

from __future__ import annotations

import click

from common.cli.parts import json_option, print_json
from common.cli.report import brief
from common.dispatch import Client
from common.runs import State

__all__ = ["cancel_command"]


@click.command("cancel")
@click.argument("id")
@json_option
def cancel_command(id: str, *, in_json: bool) -> None:
    """Cancel a run: at once if it has not begun, else its task stops at its next heartbeat."""
    with Client() as client:
        run = client.cancel(id)
    if in_json:
        print_json(brief(run))
    elif run.state is State.RUNNING:
        click.echo(f"{run.id} is asked to stop.")
    elif run.state is State.CANCELLED:
        click.echo(f"{run.id} is cancelled.")
    else:
        click.echo(f"{run.id} is {run.state} already.")
