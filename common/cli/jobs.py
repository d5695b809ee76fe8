"""runjobs jobs: what there is to run."""

from __future__ import annotations

from datetime import timedelta

import click

from common.cli.parts import json_option, print_json
from common.cli.tables import print_table, words
from common.runtime.declare import Job
from common.runtime.discover import all_jobs

__all__ = ["jobs_command"]

_COLUMNS = (
    *words("JOB"),
    *words("QUEUE", "CPU", "MEMORY", "TIMEOUT", spare=True),
    *words("SCHEDULE"),
    *words("WHAT IT DOES", long=True),
)
_ROOMY = 110


@click.command("jobs")
@json_option
def jobs_command(*, in_json: bool) -> None:
    """List the jobs, their resources, queues and schedules."""
    found = all_jobs(lambda _, error: click.echo(f"Error: {error}", err=True))
    if in_json:
        print_json([_data(job) for job in found])
        return
    print_table(_COLUMNS, map(_cells, found), roomy=_ROOMY)


def _cells(job: Job) -> tuple[str, ...]:
    resources = (f"{job.cpu:g}", job.memory, _span(job.timeout))
    schedule = str(job.schedule or "-")
    return (f"[bold cyan]{job.name}[/]", job.queue, *resources, schedule, job.summary)


def _data(job: Job) -> dict[str, object]:
    return {
        "name": job.name,
        "summary": job.summary,
        "queue": job.queue,
        "cpu": job.cpu,
        "memory": job.memory,
        "timeout_seconds": job.timeout.total_seconds(),
        "retry_delays_seconds": list(job.retry.delays),
        "schedule": job.schedule.cron if job.schedule else None,
        "time_zone": job.schedule.zone if job.schedule else None,
        "params": job.params.model_json_schema() if job.params else {},
    }


def _span(span: timedelta) -> str:
    minutes = span / timedelta(minutes=1)
    return f"{minutes:g} min" if minutes < 120 else f"{minutes / 60:g} h"
