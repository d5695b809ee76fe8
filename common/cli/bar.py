"""The progress bar: one line on the terminal, while somebody waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from common.cli.parts import console, shown
from common.runs import Progress, Run, State

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import ProgressColumn

__all__ = ["Bar"]

_ROOMY = 100
"""Columns of a terminal from which on it is told, too, how long it has taken so far."""
_REST, _ELAPSED = 24, 16
"""Columns that all but the text and the bar needs, and that the time so far needs besides."""


class Bar:
    """One line on the terminal: what is done, how far it is, and how long it will yet take."""

    def __init__(self, *, quiet: bool = False) -> None:
        from rich.progress import Progress as Bars

        where = console(stderr=True)
        self._bars = Bars(
            *_columns(where.width),
            console=where,
            transient=True,
            # Where nobody sees it move, a bar is litter.
            disable=quiet or not where.is_terminal,
        )
        self._task = self._bars.add_task("waiting", total=None, gone="gone", to_go="")

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
        known = fraction is not None
        self._bars.update(
            self._task,
            description=text,
            completed=fraction or 0.0,
            total=1.0 if known else None,
            gone="gone," if known else "gone",
            to_go="to go" if known else "",
        )


def _columns(width: int) -> list[ProgressColumn]:
    """Of them only the bar gives way, and then the text: Rich takes from what may be wrapped."""
    from rich.progress import (
        BarColumn,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column

    so_far = TimeElapsedColumn(table_column=Column(no_wrap=True))
    elapsed = [so_far, TextColumn("{task.fields[gone]}")]
    rest = _REST + (_ELAPSED if width >= _ROOMY else 0)
    text = Column(no_wrap=True, overflow="ellipsis", max_width=max(1, width - rest))
    return [
        SpinnerColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.description}", table_column=text),
        BarColumn(bar_width=32),
        TaskProgressColumn(),
        *(elapsed if width >= _ROOMY else []),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[to_go]}"),
    ]


def _standing(run: Run) -> str:
    if run.state is State.PENDING and run.attempts:
        wait = max(0, round((run.due - datetime.now(UTC)).total_seconds()))
        return f"attempt {len(run.attempts)} {run.attempts[-1].outcome}; the next in {wait} s"
    return str(run.state)
