"""What commands share: output for people or for programs."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from common.words import several

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "as_json",
    "console",
    "json_option",
    "one_or_all",
    "print_json",
    "runs",
    "runs_are",
    "shown",
]

_UNLIMITED = 1_000

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """--json, on every command that reports."""
    return click.option("--json", "in_json", is_flag=True, help="Print JSON, for programs.")(
        command
    )


def one_or_all(**options: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """NAME or --all, of which a command takes one: `name` is None for all. `options`: NAME's."""

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def called(name: str | None, *, everything: bool, **others: Any) -> None:
            if (name is None) != everything:
                raise click.UsageError("Say either NAME or --all.")
            command(name, **others)

        every = click.option("--all", "everything", is_flag=True, help="All that there are.")
        return click.argument("name", required=False, **options)(every(called))

    return decorated


def as_json(value: Any) -> str:
    """JSON for programs: two spaces deep, times as RFC 3339."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def print_json(value: Any) -> None:
    """Print it to stdout."""
    click.echo(as_json(value))


def console(*, stderr: bool = False) -> Console:
    """Where people read."""
    from rich.console import Console

    found = Console(stderr=stderr, highlight=False)
    if not found.is_terminal and "COLUMNS" not in os.environ:
        found.width = _UNLIMITED  # a program reads it, to whom a line is a line
    return found


def shown(text: object) -> str:
    """Somebody's text for a terminal: neither its control characters nor our markup take effect."""
    from rich.markup import escape

    return escape("".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in str(text)))


def runs(count: int) -> str:
    """How many runs."""
    return several(count, "run")


def runs_are(count: int) -> str:
    """How many runs, as a sentence begins."""
    return f"{runs(count)} {'is' if count == 1 else 'are'}"
