"""A run's attempts in a table: where, when, how long, and what each is billed for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.cli.parts import shown
from common.cli.tables import counts, table, words
from common.cli.times import span
from common.runs import Attempt, Failure, Outcome, Run

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_attempts", "said"]

_OUTCOMES = {
    None: "cyan",
    Outcome.SUCCEEDED: "green",
    Outcome.FAILED: "red",
    Outcome.LOST: "red",
    Outcome.INTERRUPTED: "yellow",
    Outcome.CANCELLED: "magenta",
}
_COLUMNS = (
    *words("#", "OUTCOME"),
    *words("EXECUTION", long=True),
    *words("BEGAN"),
    *counts("QUEUED", "START", "TOOK", "VCPU-S", "GIB-S"),
)


def print_attempts(run: Run, screen: Console) -> None:
    """The table, and below it what each failed of."""
    screen.print(table(_COLUMNS, map(_cells, run.attempts), style="dim"))
    for attempt in run.attempts:
        if attempt.error is not None:
            screen.print(f"[dim]{attempt.number}[/] {said(attempt.error)}", soft_wrap=True)


def said(error: Failure | None) -> str:
    """An error in a line."""
    return "" if error is None else shown(f"{error.type}: {error.message}")


def _cells(attempt: Attempt) -> tuple[str, ...]:
    return (
        str(attempt.number),
        f"[{_OUTCOMES[attempt.outcome]}]{attempt.outcome or 'running'}[/]",
        shown(f"{attempt.worker.name} task {attempt.worker.task}"),
        f"{attempt.started.astimezone():%T}",
        span(attempt.queue_delay),
        span(attempt.start_delay),
        span(attempt.ended - attempt.started if attempt.ended else None),
        _seconds(attempt.vcpu_seconds),
        _seconds(attempt.gib_seconds),
    )


def _seconds(count: float | None) -> str:
    return "" if count is None else f"{count:,.1f}"
