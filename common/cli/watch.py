"""runjobs watch."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from common.cli.bar import Bar
from common.cli.parts import console, json_option, print_json
from common.dispatch import Client
from common.dispatch.report.runs import brief
from common.errors import RunjobsError
from common.runs import Run, State

__all__ = ["follow", "see_through", "watch_command"]


def follow(looks: Iterable[Run], *, quiet: bool = False) -> Run | None:
    """Show a run as it is looked at again and again; returns how it was last seen."""
    run = None
    with Bar(quiet=quiet) as bar:
        for run in looks:
            bar.look(run)
    return run


def see_through(client: Client, run: Run, *, quiet: bool = False) -> Run:
    """Show a run until it has ended; what keeps it from going on is told, each thing once."""
    told: set[str] = set()

    def tell(error: RunjobsError) -> None:
        if str(error) not in told:
            told.add(str(error))
            click.echo(f"{error} It is tried again.", err=True)

    return follow(client.dispatcher.wait(run.id, on_trouble=tell), quiet=quiet) or run


@click.command("watch")
@click.argument("id", required=False)
@click.option("--batch", metavar="ID", help="Watch a batch, by its counts.")
@json_option
def watch_command(id: str | None, *, batch: str | None, in_json: bool) -> None:
    """Watch a run to its end, and the batch that it has begun, if any; or a batch; or else all
    runs that are under way.

    What is due is started, and what lost its task is rescued, while you watch.
    """
    if id and batch:
        raise click.UsageError("Say either ID or --batch ID.")
    with Client() as client:
        if batch is not None:
            from common.cli.batch_watch import end_with_batch

            end_with_batch(client, batch, in_json=in_json)
        elif id is not None:
            _watch_one(client, id, in_json=in_json)
        else:
            from common.cli.board import watch_all

            runs = watch_all(client, quiet=in_json)
            if in_json:
                print_json([brief(run) for run in runs])


def _watch_one(client: Client, id: str, *, in_json: bool) -> None:
    from common.cli.whole import see_it_all

    run = see_it_all(client, client.runs.get(id), quiet=in_json)
    _tell(run, in_json=in_json)
    if run.state is not State.SUCCEEDED:
        sys.exit(1)


def _tell(run: Run, *, in_json: bool) -> None:
    if in_json:
        print_json(brief(run))
        return
    from common.cli.story import ending

    console().print(ending(run), soft_wrap=True)
