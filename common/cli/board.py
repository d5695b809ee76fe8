"""All runs that are under way, in a table that lives until none is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from common.errors import RunjobsError, Unavailable
from common.runs import Run, State

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from common.dispatch import Client

__all__ = ["waiting_last", "watch_all"]

_IDLE = 2
"""Looks in a row that find nothing under way. One alone may miss a run that goes from one state to
another, such as back to pending, while each state is asked for in turn."""


class _Board:
    """The table, made when it is drawn: one looks more often, and at more than has room."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.whole = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from common.cli.run_table import runs_table

        if self.runs:
            shown = self.runs if self.whole else self.runs[: console.height]
            yield runs_table(shown, width=options.max_width)


def watch_all(client: Client, *, quiet: bool = False) -> list[Run]:
    """Watch until nothing is under way any more, or until Ctrl-C; returns what was seen."""
    from rich.console import Console
    from rich.live import Live

    seen: dict[str, Run] = {}
    board = _Board()
    with Live(board, console=Console(quiet=quiet, highlight=False), refresh_per_second=2):
        with suppress(KeyboardInterrupt):
            _watch(client, seen, board)
        board.whole = True
    if not quiet:
        print("" if seen else "Nothing is under way.")  # noqa: T201 - Live leaves its line open
    return _newest_first(seen.values())


def _watch(client: Client, seen: dict[str, Run], board: _Board) -> None:
    idle = 0
    while idle < _IDLE:
        idle = 0 if _look(client, seen) else idle + 1
        board.runs = waiting_last(seen.values())
        client.dispatcher.pause()


def _look(client: Client, seen: dict[str, Run]) -> bool:
    """Look at what is under way, and do what is next for it; returns whether there is any."""
    try:
        active = _active(client)
        for run in active.values():
            seen[run.id] = run
            with suppress(RunjobsError):  # what keeps one from starting is no one else's affair
                seen[run.id] = client.dispatcher.advance(run)
        for id in seen.keys() - active.keys():
            if not seen[id].state.ended:
                seen[id] = client.runs.get(id)
    except Unavailable:  # for a while; nobody knows what goes on meanwhile
        return True
    return any(not run.state.ended for run in seen.values())


def _active(client: Client) -> dict[str, Run]:
    """Asked for in the order in which runs go, so that one that moves on is met again."""
    return {
        run.id: run
        for state in (State.PENDING, State.STARTING, State.RUNNING)
        for run in client.runs.list({"state": state.value}, limit=50)
    }


def _newest_first(runs: Iterable[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: run.created, reverse=True)


def waiting_last(runs: Collection[Run]) -> list[Run]:
    """What runs, what has ended, then what is due: a terminal has room for the first of them."""
    waiting = sorted((run for run in runs if run.state is State.PENDING), key=lambda run: run.due)
    others = _newest_first(run for run in runs if run.state is not State.PENDING)
    return [*sorted(others, key=lambda run: run.state.ended), *waiting]
