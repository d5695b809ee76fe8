"""Submitting one run, and seeing it through."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from common.cli.parts import console, print_json
from common.cli.queue_report import is_paused
from common.cli.submission import asked
from common.dispatch import Client, NotStarted
from common.dispatch.report.runs import brief
from common.runs import Run, State
from common.runtime.options import params_from

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["submit_one", "tell_run"]


def submit_one(job: Job, values: dict[str, Any]) -> None:
    """Accept one run; exits by how it ended, if that is waited for."""
    params = params_from(job, values)
    with Client() as client:
        accepted = _accepted(client, job, params, values)
        if values["wait"]:
            accepted = _see_through(client, accepted, in_json=values["in_json"])
        tell_run(client, accepted, in_json=values["in_json"])
        if values["wait"] and accepted.state is not State.SUCCEEDED:
            sys.exit(1)


def tell_run(client: Client, run: Run, *, in_json: bool) -> None:
    """What has become of it, or will."""
    if in_json:
        print_json(brief(run))
        return
    from common.cli.story import ending, later

    if run.state.ended:
        told = ending(run)
    else:
        told = later(run, datetime.now(run.due.tzinfo), paused=is_paused(client, run))
    console().print(told, soft_wrap=True)


def _accepted(client: Client, job: Job, params: BaseModel | None, values: dict[str, Any]) -> Run:
    try:
        return client.submit(job, params, **asked(client, values))
    except NotStarted as error:
        if values["wait"] and error.for_now:
            return error.run
        if values["in_json"]:
            print_json(brief(error.run))  # it is accepted, and whoever asked shall know its id
        raise


def _see_through(client: Client, run: Run, *, in_json: bool) -> Run:
    from common.cli.whole import see_it_all

    if not in_json:
        click.echo(f"Run {run.id} of {run.job} is accepted.", err=True)
    if is_paused(client, run):
        click.echo(f"Its queue is paused: `runjobs queues resume {run.queue}`.", err=True)
    return see_it_all(client, run, quiet=in_json)
