"""Runs in a table, as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from common.runs import Run, State

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["COLOURS", "ago", "runs_table", "span"]

COLOURS = {
    State.PENDING: "yellow",
    State.STARTING: "yellow",
    State.RUNNING: "cyan",
    State.SUCCEEDED: "green",
    State.FAILED: "red",
    State.CANCELLED: "magenta",
}


def runs_table(runs: Sequence[Run]) -> Table:
    """A line for each run."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("RUN", "JOB", "STATE", "ATTEMPTS", "CREATED", "TOOK", "NOTE"):
        table.add_column(column, no_wrap=column != "NOTE")
    for run in runs:
        table.add_row(
            run.id,
            run.job,
            f"[{COLOURS[run.state]}]{run.state}[/]",
            str(len(run.attempts)),
            ago(run.created),
            span(_took(run)),
            _note(run),
        )
    return table


def ago(moment: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{max(seconds, 0):.0f} s ago"


def span(length: timedelta | None) -> str:
    """A length of time, to the tenth of a second while that matters."""
    if length is None:
        return ""
    seconds = length.total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _took(run: Run) -> timedelta | None:
    if not run.attempts:
        return None
    return (run.ended or datetime.now(UTC)) - run.attempts[0].started


def _note(run: Run) -> str:
    from rich.markup import escape

    if run.error is not None:
        return escape(f"{run.error.type}: {run.error.message}"[:80])
    if run.state is State.RUNNING and run.progress is not None:
        return escape(f"{run.progress.fraction:.0%} {run.progress.message}".strip())
    if run.state is State.PENDING and run.due > datetime.now(UTC):
        return f"due {run.due.astimezone():%F %T}"
    return ""
