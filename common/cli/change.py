"""runjobs cancel: changing what becomes of a run, or of a whole batch."""

from __future__ import annotations

import click

from common.cli.parts import json_option, print_json, runs_are
from common.dispatch import Client
from common.dispatch.report.runs import brief
from common.runs import State

__all__ = ["cancel_command"]


@click.command("cancel")
@click.argument("id", required=False)
@click.option("--batch", metavar="ID", help="Cancel all runs of a batch that have not ended.")
@json_option
def cancel_command(id: str | None, *, batch: str | None, in_json: bool) -> None:
    """Cancel a run: at once if it has not begun, else its task stops at its next heartbeat."""
    if (id is None) == (batch is None):
        raise click.UsageError("Say either ID or --batch ID.")
    with Client() as client:
        if batch is not None:
            _cancel_batch(client, batch, in_json=in_json)
        else:
            _cancel_run(client, id or "", in_json=in_json)


def _cancel_run(client: Client, id: str, *, in_json: bool) -> None:
    run = client.cancel(id)
    if in_json:
        print_json(brief(run))
    elif run.state is State.RUNNING:
        click.echo(f"{run.id} is asked to stop.")
    elif run.state is State.CANCELLED:
        click.echo(f"{run.id} is cancelled.")
    else:
        click.echo(f"{run.id} is {run.state} already.")


def _cancel_batch(client: Client, id: str, *, in_json: bool) -> None:
    from common.dispatch.report.batches import batch_data, standing

    standing(client.runs, id)  # raises where there is no such batch
    asked = client.cancel_batch(id)
    found = standing(client.runs, id)
    if in_json:
        print_json({**batch_data(found), "asked": asked})
    elif found.open:
        click.echo(f"{runs_are(asked)} asked to stop; {runs_are(found.open)} still at it.")
    else:
        click.echo(f"{runs_are(asked)} cancelled.")
