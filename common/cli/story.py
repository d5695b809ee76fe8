"""What became of a run, told for people."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from common.cli.tables import COLOURS, span
from common.runs import Attempt, Failure, Outcome, Run, State

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["ending", "later", "tell"]

_OUTCOMES = {
    None: "cyan",
    Outcome.SUCCEEDED: "green",
    Outcome.FAILED: "red",
    Outcome.LOST: "red",
    Outcome.INTERRUPTED: "yellow",
    Outcome.CANCELLED: "magenta",
}


def ending(run: Run) -> str:
    """A run that has ended, in a few lines."""
    from rich.markup import escape

    head = f"[bold]{run.id}[/] {run.job} [{COLOURS[run.state]}]{run.state}[/]"
    took = f" after {span(run.ended - run.created)}" if run.ended else ""
    attempts = f", {len(run.attempts)} attempts" if len(run.attempts) > 1 else ""
    lines = [f"{head}{took}{attempts}"]
    if run.error is not None:
        lines.append(f"  {escape(f'{run.error.type}: {run.error.message}')}")
    lines += [f"  {name}: {escape(value)}" for name, value in _flat(_data(run.result))]
    return "\n".join(lines)


def later(run: Run, now: datetime) -> str:
    """A run that has been accepted, and when something will come of it."""
    head = f"[bold]{run.id}[/] {run.job} [{COLOURS[run.state]}]{run.state}[/]"
    if run.state is State.PENDING and run.due > now:
        when = f"{run.due.astimezone():%F %T}"
        return (
            f"{head}, due {when}\n  It starts once that has come and a dispatcher looks: "
            f"`runjobs watch {run.id}` is one."
        )
    return f"{head}\n  See it through with `runjobs watch {run.id}`."


def tell(run: Run, console: Console) -> None:
    """All that the ledger knows of a run. Nothing that one may want to copy is broken up."""
    console.print(ending(run) if run.state.ended else _standing(run), soft_wrap=True)
    console.print(_facts(run))
    if run.attempts:
        console.print("\n[bold]ATTEMPTS[/]", _attempts(run), sep="\n")
    if trace := next((a.error.trace for a in reversed(run.attempts) if a.error), None):
        console.print("\n[bold]TRACEBACK[/]")
        console.print(trace.rstrip(), style="dim", markup=False, soft_wrap=True)


def _standing(run: Run) -> str:
    head = f"[bold]{run.id}[/] {run.job} [{COLOURS[run.state]}]{run.state}[/]"
    if run.state is State.RUNNING and run.progress is not None:
        head += f", {run.progress.fraction:.0%} {run.progress.message}"
    if run.cancel_requested:
        head += ", asked to stop"
    return head


def _facts(run: Run) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    facts = {
        "created": _moment(run.created),
        "due": _moment(run.due) if run.state is State.PENDING else "",
        "ended": _moment(run.ended) if run.ended else "",
        "queue": f"{run.queue}, {run.priority.name.lower()} priority",
        "tenant": run.tenant,
        "key": run.key or "",
        "execution": run.execution or "",
        "start": f"to be claimed by {_moment(run.start_by)}" if run.start_by else "",
        "starts that came to nothing": str(run.unclaimed or ""),
        "lease": f"until {_moment(run.lease_until)}" if run.lease_until else "",
    }
    for name, value in facts.items():
        if value:
            table.add_row(name, value)
    for name, value in _flat(_data(run.params)):
        table.add_row(f"param {name}", value)
    return table


def _attempts(run: Run) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("#", "OUTCOME", "EXECUTION", "WAITED", "BEGAN", "TOOK", "ERROR"):
        table.add_column(column, no_wrap=column not in {"ERROR", "EXECUTION"})
    for attempt in run.attempts:
        table.add_row(
            str(attempt.number),
            f"[{_OUTCOMES[attempt.outcome]}]{attempt.outcome or 'running'}[/]",
            f"{attempt.worker.name} task {attempt.worker.task}",
            span(attempt.started - attempt.due),
            f"{attempt.started.astimezone():%T}",
            span(_took(attempt)),
            _error(attempt.error),
        )
    return table


def _took(attempt: Attempt) -> timedelta | None:
    return attempt.ended - attempt.started if attempt.ended else None


def _error(error: Failure | None) -> str:
    from rich.markup import escape

    return "" if error is None else escape(f"{error.type}: {error.message}")


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%F %T}"


def _data(text: str | None) -> Any:
    return {} if text is None else json.loads(text)


def _flat(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Nested data as names joined by dots."""
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _flat(item, f"{prefix}{key}.")]
    return [] if value is None else [(prefix.rstrip(".") or "result", str(value))]
