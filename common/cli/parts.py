"""What commands share: the services, and output for people or for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import click

from common.services import Services
from common.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from common.dispatch import Dispatcher
    from common.dispatch.executors import Executor

__all__ = ["Room", "as_json", "console", "json_option", "print_json", "room"]

F = TypeVar("F", bound=Callable[..., Any])


class Room(Services):
    """The services, with what starts executions."""

    @cached_property
    def executor(self) -> Executor:
        """What runs containers."""
        from common.dispatch.executors import open_executor

        return open_executor(self.settings)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """The dispatcher of this process."""
        from common.dispatch import Dispatcher

        return Dispatcher(self.runs, self.executor)


@contextmanager
def room() -> Iterator[Room]:
    """The services of one command."""
    opened = Room(Settings.load())
    try:
        yield opened
    finally:
        opened.close()


def json_option(command: F) -> F:
    """--json, on every command that reports."""
    return click.option("--json", "in_json", is_flag=True, help="Print JSON, for programs.")(
        command
    )


def as_json(value: Any) -> str:
    """JSON for programs: two spaces deep, times as RFC 3339."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def print_json(value: Any) -> None:
    """Print it to stdout."""
    click.echo(as_json(value))


def console(*, stderr: bool = False) -> Console:
    """Where people read."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)
