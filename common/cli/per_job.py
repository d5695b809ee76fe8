"""Groups with a command for each job, as `run` and `submit` are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from common.runtime.discover import all_jobs, find_job, names
from common.runtime.options import params_options

__all__ = ["PerJob", "options"]


class PerJob(click.Group):
    """A command for each job, with the job's params among its options."""

    def __init__(self, *args: Any, act: Callable[..., None], **attributes: Any) -> None:
        self._act = act
        self._shared: list[click.Parameter] = attributes.pop("shared")
        super().__init__(*args, **attributes)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return names()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the jobs; one that cannot be loaded does not keep the others from it."""
        rows: list[tuple[str, str]] = []
        jobs = all_jobs(lambda name, error: rows.append((name, f"Broken: {error}")))
        rows += [(job.name, job.summary) for job in jobs]
        with formatter.section("Jobs"):
            formatter.write_dl(sorted(rows))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        job = find_job(cmd_name)
        taken = frozenset(option.name for option in self._shared if option.name)
        return click.Command(
            cmd_name,
            params=[*params_options(job, taken=taken), *self._shared],
            callback=lambda **values: self._act(job, values),
            help=job.summary,
            short_help=job.summary,
        )


def options(*decorators: Callable[[Any], Any]) -> list[click.Parameter]:
    """The options that these decorators would give a command."""

    def bare() -> None: ...

    for decorate in reversed(decorators):
        decorate(bare)
    found: list[click.Parameter] = list(reversed(getattr(bare, "__click_params__", [])))
    return found
