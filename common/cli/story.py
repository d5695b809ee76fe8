"""What became of a run, told for people."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.cli.attempts import print_attempts, said
from common.cli.pairs import pairs
from common.cli.parts import shown
from common.cli.run_table import COLOURS
from common.cli.times import span
from common.dispatch.report.runs import next_id
from common.runs import Run, State

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["ending", "later", "tell"]


def ending(run: Run) -> str:
    """A run that has ended, in a few lines."""
    took = f" after {span(run.ended - run.created)}" if run.ended else ""
    attempts = f", {len(run.attempts)} attempts" if len(run.attempts) > 1 else ""
    lines = [f"{_head(run)}{took}{attempts}"]
    if run.error is not None:
        lines.append(f"  {said(run.error)}")
    return "\n".join([*lines, *_result(run)])


def later(run: Run, now: datetime, *, paused: bool = False) -> str:
    """A run that has been accepted, and when something will come of it; `paused` is its queue."""
    watch = f"`runjobs watch {run.id}`"
    note = f"\n  {_paused(run)}" if paused else ""
    if run.state is State.PENDING and run.due > now:
        starts = (
            f"It starts once that has come and a dispatcher looks: `runjobs serve`, or {watch}."
        )
        return f"{_head(run)}, due {_moment(run.due)}\n  {starts}{note}"
    turn = f"It waits for its turn in {run.queue}. " if run.state is State.PENDING else ""
    return f"{_head(run)}\n  {turn}See it through with {watch}.{note}"


def tell(run: Run, console: Console, *, paused: bool = False) -> None:
    """All that the ledger knows of a run. Nothing that one may want to copy is broken up."""
    console.print(_standing(run), soft_wrap=True)
    console.print(_facts(run))
    if paused:
        console.print(_paused(run), soft_wrap=True)
    if run.attempts:
        console.print("\n[bold]ATTEMPTS[/]")
        print_attempts(run, console)
    if result := _result(run):
        console.print("\n[bold]RESULT[/]", *result, sep="\n", soft_wrap=True)
    if trace := next((a.error.trace for a in reversed(run.attempts) if a.error), None):
        console.print("\n[bold]TRACEBACK[/]")
        console.print(shown(trace.rstrip()), style="dim", soft_wrap=True)


def _head(run: Run) -> str:
    return f"[bold]{run.id}[/] {run.job} [{COLOURS[run.state]}]{run.state}[/]"


def _paused(run: Run) -> str:
    return f"Its queue is paused: `runjobs queues resume {run.queue}`."


def _standing(run: Run) -> str:
    if run.ended:
        return f"{_head(run)} after {span(run.ended - run.created)}"
    head = _head(run)
    if run.state is State.RUNNING and run.progress is not None:
        head += f", {run.progress.fraction:.0%} {shown(run.progress.message)}"
    return head + (", asked to stop" if run.cancel_requested else "")


def _result(run: Run) -> list[str]:
    return [f"  {shown(name)}: {shown(value)}" for name, value in pairs(_data(run.result))]


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
        "tenant": shown(run.tenant),
        "key": shown(run.key or ""),
        "error": said(run.error),
        "parent": run.parent or "",
        "batch": run.batch or "",
        "then": f"{run.then.job} {next_id(run) or 'once it has succeeded'}" if run.then else "",
        "execution": run.execution or "",
        "start": f"to be claimed by {_moment(run.start_by)}" if run.start_by else "",
        "starts that came to nothing": str(run.unclaimed or ""),
        "lease": f"until {_moment(run.lease_until)}" if run.lease_until else "",
    }
    for name, value in facts.items():
        if value:
            table.add_row(name, value)
    for name, value in pairs(_data(run.params)):
        table.add_row(f"param {shown(name)}", shown(value))
    return table


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%F %T %Z}"


def _data(text: str | None) -> Any:
    return {} if text is None else json.loads(text)
