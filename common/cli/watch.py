"""runjobs watch, and the progress bar that others show too."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from common.cli.parts import console, json_option, print_json, shown
from common.dispatch import Client
from common.dispatch.report.runs import brief
from common.errors import RunjobsError
from common.runs import Progress, Run, State

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Bar", "follow", "see_through", "watch_command"]


class Bar:
    """One line on the terminal: what is done, how far it is, and how long it will yet take."""

    def __init__(self, *, quiet: bool = False) -> None:
        from rich.progress import (
            BarColumn,
            SpinnerColumn,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bars

        where = console(stderr=True)
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("gone,"),
            TimeRemainingColumn(),
            TextColumn("to go"),
            console=where,
            transient=True,
            # Where nobody sees it move, a bar is litter.
            disable=quiet or not where.is_terminal,
        )
        self._task = self._bars.add_task("waiting", total=None)

    def __enter__(self) -> Bar:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def show(self, progress: Progress) -> None:
        """How far a running job has come."""
        self._update(shown(progress.message or "running"), progress.fraction)

    def look(self, run: Run) -> None:
        """How a run stands."""
        if run.state is State.RUNNING and run.progress is not None:
            self.show(run.progress)
        else:
            self._update(_standing(run), None)

    def _update(self, text: str, fraction: float | None) -> None:
        total = None if fraction is None else 1.0
        self._bars.update(self._task, description=text, completed=fraction or 0.0, total=total)


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


def _standing(run: Run) -> str:
    if run.state is State.PENDING and run.attempts:
        wait = max(0, round((run.due - datetime.now(UTC)).total_seconds()))
        return f"attempt {len(run.attempts)} failed; the next in {wait} s"
    return str(run.state)


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
