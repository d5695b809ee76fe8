"""runjobs jobs: what there is to run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from common.cli.parts import console, json_option, print_json
from common.runtime.declare import Job
from common.runtime.discover import all_jobs

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["jobs_command"]

_ROOMY = 110
"""Columns of a terminal from which on all fits; below, these are left out."""
_SPARE = {"QUEUE", "CPU", "MEMORY", "TIMEOUT"}


@click.command("jobs")
@json_option
def jobs_command(*, in_json: bool) -> None:
    """List the jobs, their resources, queues and schedules."""
    found = all_jobs(lambda _, error: click.echo(f"Error: {error}", err=True))
    if in_json:
        print_json([_data(job) for job in found])
        return
    screen = console()
    screen.print(_table(found, roomy=screen.width >= _ROOMY))


def _table(found: Iterable[Job], *, roomy: bool) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    names = ("JOB", "QUEUE", "CPU", "MEMORY", "TIMEOUT", "SCHEDULE", "WHAT IT DOES")
    chosen = [name for name in names if roomy or name not in _SPARE]
    for name in chosen:
        table.add_column(name, no_wrap=name != "WHAT IT DOES")
    for job in found:
        cells = dict(zip(names, _cells(job), strict=True))
        table.add_row(*(cells[name] for name in chosen))
    return table


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
