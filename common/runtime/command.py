"""Parsing a job's own options, as python -m jobs takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from common.runtime.options import params_from, params_options

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["parse"]


def parse(job: Job, options: list[str]) -> BaseModel | None:
    """The params that the options give. Raises InvalidInput; ends the process after --help."""
    command = click.Command(
        job.name,
        params=params_options(job),
        callback=lambda **values: params_from(job, values),
        help=job.summary,
    )
    try:
        with command.make_context(f"python -m jobs {job.name}", list(options)) as context:
            params: BaseModel | None = command.invoke(context)
            return params
    except click.exceptions.Exit as error:
        raise SystemExit(error.exit_code) from None
    except click.UsageError as error:
        error.show()
        raise SystemExit(error.exit_code) from None
