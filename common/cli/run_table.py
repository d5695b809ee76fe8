"""Runs in a table, as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from common.cli.parts import console, print_json, shown
from common.cli.times import ago, span
from common.dispatch.report.runs import brief
from common.runs import Run, Runs, State

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["COLOURS", "print_runs", "runs_table"]

_ROOMY = 100
"""Columns of a terminal from which on all of a run fits; below, these are left out."""
_BETWEEN = 2
"""Columns of a terminal between those of a table."""
_SPARE = {"ATTEMPTS", "CREATED", "TOOK"}

COLOURS = {
    State.PENDING: "yellow",
    State.STARTING: "yellow",
    State.RUNNING: "cyan",
    State.SUCCEEDED: "green",
    State.FAILED: "red",
    State.CANCELLED: "magenta",
}


def runs_table(runs: Sequence[Run], *, width: int) -> Table:
    """A line for each run, of which only the note may be cut; `width` is the terminal's."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ("RUN", "JOB", "STATE", "ATTEMPTS", "CREATED", "TOOK", "NOTE")
    chosen = [name for name in columns if width >= _ROOMY or name not in _SPARE]
    rows = [dict(zip(columns, _cells(run), strict=True)) for run in runs]
    room = width
    for name in chosen:
        # Where there is too little room Rich takes it from any column, down to nothing.
        most = max(room, len(name)) if name == "NOTE" else None
        table.add_column(name, no_wrap=True, overflow="ellipsis", max_width=most)
        cells = (name, *(row[name] for row in rows))
        room -= max(Text.from_markup(cell).cell_len for cell in cells) + _BETWEEN
    for row in rows:
        table.add_row(*(row[name] for name in chosen))
    return table


def _cells(run: Run) -> tuple[str, ...]:
    return (
        run.id,
        run.job,
        f"[{COLOURS[run.state]}]{run.state}[/]",
        str(len(run.attempts)),
        ago(run.created),
        span(_took(run)),
        _note(run),
    )


def print_runs(
    ledger: Runs, where: Mapping[str, str], *, limit: int, in_json: bool, otherwise: str
) -> None:
    """The newest of these runs, for people or for programs; `otherwise` is said to people where
    there are none."""
    runs = ledger.list(where, limit=limit + 1)
    if in_json:
        print_json([brief(run) for run in runs[:limit]])
    elif runs:
        screen = console()
        screen.print(runs_table(runs[:limit], width=screen.width))
    else:
        click.echo(otherwise, err=True)
    if len(runs) > limit and not in_json:
        click.echo(f"There are more than these {limit:,}: see --limit.", err=True)


def _took(run: Run) -> timedelta | None:
    if not run.attempts:
        return None
    return (run.ended or datetime.now(UTC)) - run.attempts[0].started


def _note(run: Run) -> str:
    if run.error is not None:
        return _line(f"{run.error.type}: {run.error.message.partition('. ')[0]}"[:100])
    if run.state is State.RUNNING and run.progress is not None:
        return _line(f"{run.progress.fraction:.0%} {run.progress.message}")
    if run.state is State.PENDING and run.due > datetime.now(UTC):
        return f"due {run.due.astimezone():%F %T %Z}"
    return ""


def _line(text: str) -> str:
    """Of a text of several lines the first, as each run has one."""
    return shown(text.partition("\n")[0].strip())
