"""runjobs run and runjobs submit: the two ways in from the command line."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from common.cli.moments import Moment, Span
from common.cli.parts import console, json_option, print_json
from common.cli.per_job import PerJob, options
from common.cli.report import brief
from common.dispatch import Client, NotStarted
from common.runs import Priority, Run, State
from common.runtime.declare import Job
from common.runtime.options import params_from

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["run_command", "submit_command"]


def _submit(job: Job, values: dict[str, Any]) -> None:
    if values["at"] and values["delay"]:
        raise click.UsageError("Say either --at or --delay.")
    params = params_from(job, values)
    with Client() as client:
        accepted = _accepted(client, job, params, values)
        if values["wait"]:
            accepted = _see_through(client, accepted, in_json=values["in_json"])
        _tell(accepted, in_json=values["in_json"])
        if values["wait"] and accepted.state is not State.SUCCEEDED:
            sys.exit(1)


def _accepted(client: Client, job: Job, params: BaseModel | None, values: dict[str, Any]) -> Run:
    try:
        return client.submit(
            job,
            params,
            due=_due(client, values),
            tenant=values["tenant"],
            priority=Priority[values["priority"].upper()],
            key=values["key"],
        )
    except NotStarted as error:
        if values["wait"] and error.for_now:
            return error.run
        if values["in_json"]:
            print_json(brief(error.run))  # it is accepted, and whoever asked shall know its id
        raise


def _due(client: Client, values: dict[str, Any]) -> datetime | None:
    moment: datetime | None = values["at"]
    return client.documents.now() + values["delay"] if values["delay"] else moment


def _see_through(client: Client, run: Run, *, in_json: bool) -> Run:
    from common.cli.watch import see_through

    if not in_json:
        click.echo(f"Run {run.id} of {run.job} is accepted.", err=True)
    try:
        return see_through(client, run, quiet=in_json)
    except KeyboardInterrupt:
        click.echo(f"\nRun {run.id} goes on without you: `runjobs watch {run.id}`.", err=True)
        sys.exit(130)


def _tell(run: Run, *, in_json: bool) -> None:
    if in_json:
        print_json(brief(run))
        return
    from common.cli.story import ending, later

    told = ending(run) if run.state.ended else later(run, datetime.now(run.due.tzinfo))
    console().print(told, soft_wrap=True)


def _run(job: Job, values: dict[str, Any]) -> None:
    from common.cli.foreground import run_here

    params = params_from(job, values)
    with Client() as client:
        run = run_here(client, job, params, quiet=values["in_json"])
        _tell(run, in_json=values["in_json"])
        if run.state is not State.SUCCEEDED:
            sys.exit(1)


run_command = PerJob(
    "run",
    act=_run,
    shared=options(json_option),
    help="Run a job here, in the foreground; the ledger is written all the same.",
    short_help="Run a job here, in the foreground.",
    subcommand_metavar="JOB [OPTIONS]",
)

submit_command = PerJob(
    "submit",
    act=_submit,
    shared=options(
        click.option("--wait", is_flag=True, help="See the run through to its end."),
        click.option(
            "--priority",
            type=click.Choice([priority.name.lower() for priority in Priority]),
            default="normal",
            show_default=True,
            help="How urgent it is.",
        ),
        click.option("--tenant", default="", metavar="NAME", help="Whose work it is."),
        click.option("--key", metavar="TEXT", help="The same key gives the same run, not another."),
        click.option(
            "--delay",
            type=Span(),
            metavar="SPAN",
            help="Not before this much later: 10m, 1h30m.",
        ),
        click.option(
            "--at",
            type=Moment(),
            metavar="TIME",
            help="Not before this time: 2026-12-24T18:00 (local), 2026-12-24T18:00Z.",
        ),
        json_option,
    ),
    help="Accept a run of a job into the ledger, and have an execution started for it.",
    short_help="Accept a run and have it executed.",
    subcommand_metavar="JOB [OPTIONS]",
)
