"""Submitting many runs of one job at once, all checked before the first is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from common.cli.lines import read_params, reading
from common.cli.parts import print_json, runs
from common.cli.submission import asked
from common.dispatch import Client, NotStarted

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["submit_batch"]


def submit_batch(job: Job, values: dict[str, Any]) -> None:
    """Accept a batch; exits by how it ended, if that is waited for."""
    params = read_params(job, values["batch"], reading(job, values, "--batch"))
    in_json, wait = values["in_json"], values["wait"]
    with Client() as client:
        try:
            batch = client.submit_many(job, params, **asked(client, values))[0].batch or ""
        except NotStarted as error:
            batch = error.batch or ""
            if not (wait and error.for_now):
                _tell(batch, job, params, in_json=in_json)
                raise
        if not wait:
            _tell(batch, job, params, in_json=in_json)
        elif not in_json:
            click.echo(f"Batch {batch} of {runs(len(params))} is accepted.", err=True)
        if not in_json and client.queues.get(job.queue).paused:
            click.echo(f"Its queue is paused: `runjobs queues resume {job.queue}`.", err=True)
        if wait:
            from common.cli.batch_watch import end_with_batch

            end_with_batch(client, batch, in_json=in_json)


def _tell(id: str, job: Job, params: list[BaseModel | None], *, in_json: bool) -> None:
    if in_json:
        print_json({"batch": id, "runs": len(params), "job": job.name})
        return
    click.echo(f"{id} {runs(len(params))} of {job.name}")
    click.echo(f"  See them through with `runjobs watch --batch {id}`.")
