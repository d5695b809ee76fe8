"""runjobs list, show and logs: looking, without touching."""

from __future__ import annotations

import click

from common.cli.parts import console, json_option, print_json
from common.cli.queue_report import is_paused
from common.cli.run_table import print_runs
from common.dispatch import Client
from common.dispatch.report.runs import whole
from common.runs import NoSuchBatch, NoSuchRun, State

__all__ = ["list_command", "logs_command", "show_command"]


@click.command("list")
@click.option("--job", metavar="JOB", help="Of this job only.")
@click.option("--state", type=click.Choice([state.value for state in State]), help="In this state.")
@click.option("--tenant", metavar="NAME", help="Of this tenant.")
@click.option("--batch", metavar="ID", help="Of this batch.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
def list_command(*, limit: int, in_json: bool, **where: str | None) -> None:
    """List runs, newest first."""
    with Client() as client:
        chosen = {field: value for field, value in where.items() if value is not None}
        none = "There are no such runs."
        print_runs(client.runs, chosen, limit=limit, in_json=in_json, otherwise=none)


@click.command("show")
@click.argument("id")
@json_option
def show_command(id: str, *, in_json: bool) -> None:
    """Tell the whole story of a run: attempts, executions, times, errors.

    Of a batch, tell how many of its runs are in each state.
    """
    with Client() as client:
        run = client.runs.find(id)
        if run is None:
            _show_batch(client, id, in_json=in_json)
        elif in_json:
            print_json(whole(run))
        else:
            from common.cli.story import tell

            tell(run, console(), paused=is_paused(client, run))


def _show_batch(client: Client, id: str, *, in_json: bool) -> None:
    from common.cli.batches import report_batch
    from common.dispatch.report.batches import standing

    try:
        found = standing(client.runs, id)
    except NoSuchBatch:
        raise NoSuchRun(id) from None
    report_batch(found, in_json=in_json)


@click.command("logs")
@click.argument("id")
@json_option
def logs_command(id: str, *, in_json: bool) -> None:
    """Print what was printed by a run's attempts, and by starts of it that came to nothing."""
    with Client() as client:
        lines = client.executor.logs(client.runs.get(id))
        if in_json:
            print_json(list(lines))
            return
        said = False
        for line in lines:
            click.echo(line)
            said = True
    if not said:
        click.echo("Nothing is kept of what it printed.", err=True)
