"""runjobs check: is everything there that runs will need?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click

from common.cli.parts import json_option, print_json
from common.dispatch import Client
from common.errors import RunjobsError
from common.runtime.discover import all_jobs

__all__ = ["check_command"]

_PATIENCE = 3.0
_GOOD, _BAD = click.style("ok  ", fg="green"), click.style("FAIL", fg="red")


@click.command("check")
@json_option
def check_command(*, in_json: bool) -> None:
    """Check configuration, credentials and reachability; change nothing."""
    with Client() as client:
        found = [(name, where, _problem(look)) for name, where, look in _checks(client)]
    if in_json:
        print_json(
            [
                {"check": name, "where": where, "ok": problem is None, "problem": problem}
                for name, where, problem in found
            ]
        )
    else:
        for name, where, problem in found:
            click.echo(f"{_BAD if problem else _GOOD} {name:<10} {where}")
            if problem is not None:
                click.echo(f"     {problem}")
    if any(problem for _, _, problem in found):
        sys.exit(1)


def _checks(client: Client) -> Iterator[tuple[str, str, Callable[[], object]]]:
    settings = client.settings

    def documents() -> None:
        client.documents.patience = _PATIENCE
        client.documents.check()

    yield "documents", settings.documents, documents

    def blobs() -> None:
        client.blobs.check()

    def executor() -> None:
        client.executor.check()

    yield "blobs", settings.blobs, blobs
    yield "executor", settings.executor, executor
    yield "jobs", "jobs/ and installed packages", all_jobs
    for job in all_jobs():
        if job.needs:
            yield job.name, ", ".join(job.needs), job.check


def _problem(look: Callable[[], object]) -> str | None:
    try:
        look()
    except RunjobsError as error:
        return str(error)
    return None
