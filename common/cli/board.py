"""All runs that are under way, in a table that lives until none is."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from common.errors import RunjobsError, Unavailable
from common.runs import Run, State

if TYPE_CHECKING:
    from common.dispatch import Client

__all__ = ["watch_all"]

_IDLE = 2
"""Looks in a row that find nothing under way. One alone may miss a run that goes from one state to
another, such as back to pending, while each state is asked for in turn."""


def watch_all(client: Client, *, quiet: bool = False) -> list[Run]:
    """Watch until nothing is under way any more, or until Ctrl-C; returns what was seen."""
    from rich.console import Console
    from rich.live import Live

    from common.cli.run_table import runs_table

    seen: dict[str, Run] = {}
    idle = 0
    with suppress(KeyboardInterrupt), Live(console=Console(quiet=quiet, highlight=False)) as live:
        while idle < _IDLE:
            idle = 0 if _look(client, seen) else idle + 1
            if seen:
                live.update(runs_table(_newest_first(seen), width=live.console.width))
            client.dispatcher.pause()
    if not quiet:
        print("" if seen else "Nothing is under way.")  # noqa: T201 - Live leaves its line open
    return _newest_first(seen)


def _look(client: Client, seen: dict[str, Run]) -> bool:
    """Look at what is under way, and do what is next for it; returns whether there is any."""
    try:
        active = _active(client)
        for run in active.values():
            seen[run.id] = run
            with suppress(RunjobsError):  # what keeps one from starting is no one else's affair
                seen[run.id] = client.dispatcher.advance(run)
        for id in seen.keys() - active.keys():
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


def _newest_first(seen: dict[str, Run]) -> list[Run]:
    return sorted(seen.values(), key=lambda run: run.created, reverse=True)
