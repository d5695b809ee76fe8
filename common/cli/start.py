"""runjobs run and runjobs submit: the two ways in from the command line."""

from __future__ import annotations

import sys
from typing import Any

from common.cli.parts import json_option
from common.cli.per_job import PerJob, options
from common.cli.submission import SUBMIT_OPTIONS, check_options
from common.dispatch import Client
from common.runs import State
from common.runtime.declare import Job
from common.runtime.options import params_from

__all__ = ["run_command", "submit_command"]


def _run(job: Job, values: dict[str, Any]) -> None:
    from common.cli.foreground import run_here
    from common.cli.submit_one import tell_run

    params = params_from(job, values)
    with Client() as client:
        run = run_here(client, job, params, quiet=values["in_json"])
        tell_run(client, run, in_json=values["in_json"])
        if run.state is not State.SUCCEEDED:
            sys.exit(1)


def _submit(job: Job, values: dict[str, Any]) -> None:
    check_options(values)
    if values["batch"] is None:
        from common.cli.submit_one import submit_one

        submit_one(job, values)
    else:
        from common.cli.submit_batch import submit_batch

        submit_batch(job, values)


run_command = PerJob(
    "run",
    act=_run,
    shared=options(json_option),
    help="Run a job here, in the foreground; the ledger is written all the same.",
    subcommand_metavar="JOB [OPTIONS]",
)

submit_command = PerJob(
    "submit",
    act=_submit,
    shared=SUBMIT_OPTIONS,
    help="Accept a run of a job into the ledger, or a batch, and have executions started.",
    subcommand_metavar="JOB [OPTIONS]",
)
