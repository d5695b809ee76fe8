"""runjobs watch, and the progress bar that others show too."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from common.cli.parts import console
from common.dispatch import Client
from common.errors import RunjobsError
from common.runs import Progress, Run, State

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Bar", "follow", "watch_command"]


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
            TextColumn("left"),
            TimeRemainingColumn(),
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
        self._update(progress.message or "running", progress.fraction)

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


def _standing(run: Run) -> str:
    if run.state is State.PENDING and run.attempts:
        wait = max(0, round((run.due - datetime.now(UTC)).total_seconds()))
        return f"attempt {len(run.attempts)} failed; the next in {wait} s"
    return str(run.state)


@click.command("watch")
@click.argument("id", required=False)
def watch_command(id: str | None) -> None:
    """Watch a run to its end, or without an ID all that are under way.

    What is due is started, and what lost its task is rescued, while you watch.
    """
    with Client() as client:
        if id is None:
            _watch_all(client)
            return
        run = follow(client.dispatcher.wait(client.runs.get(id).id))
        if run is None:
            return
        from common.cli.story import ending

        console().print(ending(run), soft_wrap=True)
        if run.state is not State.SUCCEEDED:
            sys.exit(1)


def _watch_all(client: Client) -> None:
    """A table that lives until nothing is under way any more, or until Ctrl-C."""
    from rich.live import Live

    from common.cli.tables import runs_table

    seen: dict[str, Run] = {}
    with suppress(KeyboardInterrupt), Live(console=console(), refresh_per_second=4) as live:
        while True:
            active = _active(client)
            for run in active:
                seen[run.id] = run
                with suppress(RunjobsError):  # what keeps one from starting is no one else's affair
                    seen[run.id] = client.dispatcher.advance(run)
            for id in set(seen) - {run.id for run in active}:
                seen[id] = client.runs.get(id)
            live.update(_table(runs_table, seen))
            if not active:
                return
            client.dispatcher.pause()


def _active(client: Client) -> list[Run]:
    return [
        run
        for state in (State.RUNNING, State.STARTING, State.PENDING)
        for run in client.runs.list({"state": state.value}, limit=50)
    ]


def _table(make: Any, seen: dict[str, Run]) -> Any:
    return make(sorted(seen.values(), key=lambda run: run.created, reverse=True))
