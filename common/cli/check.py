"""runjobs check: is everything there that runs will need?"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial

import click

from common.cli.parts import json_option, print_json
from common.dispatch import Client
from common.errors import Misconfigured, RunjobsError
from common.runtime.discover import all_jobs

__all__ = ["check_command"]

Check = tuple[str, str, Callable[[], object]]
"""Its name, where it looks, and how: what is wrong is raised, what is to be noted is returned."""

_PATIENCE = 3.0
_CLOSE = 0.85
_PLATFORM = {"RUNJOBS_EXECUTION", "RUNJOBS_SCHEDULED"}
"""What is set for tasks, and looks like settings."""
_GOOD, _BAD = click.style("ok  ", fg="green"), click.style("FAIL", fg="red")


@click.command("check")
@json_option
def check_command(*, in_json: bool) -> None:
    """Check configuration, credentials and reachability; change nothing."""
    with Client() as client:
        found = [(name, where, *_outcome(look)) for name, where, look in _checks(client)]
    if in_json:
        print_json(
            [
                {"check": name, "where": where, "ok": problem is None, "problem": problem}
                | ({"note": note} if note else {})
                for name, where, problem, note in found
            ]
        )
    else:
        width = max(len(name) for name, *_ in found)
        for name, where, problem, note in found:
            click.echo(f"{_BAD if problem else _GOOD} {name:<{width}} {where}")
            if said := problem or note:
                click.echo(f"     {said}")
    if any(problem for _, _, problem, _ in found):
        sys.exit(1)


def _checks(client: Client) -> Iterator[Check]:
    settings = client.settings
    yield "settings", "RUNJOBS_…", partial(_note_misspelt, client)
    yield "documents", settings.documents, partial(_check_documents, client)
    yield "blobs", settings.blobs, partial(_check_blobs, client)
    yield "executor", settings.executor, partial(_check_executor, client)
    if os.environ.get("ENCRYPTION_KEY"):
        yield "integrations", "ENCRYPTION_KEY", _check_key
    broken: dict[str, Misconfigured] = {}
    jobs = all_jobs(broken.__setitem__)
    yield "jobs", ", ".join(job.name for job in jobs), lambda: None
    for job in jobs:
        if job.needs:
            yield job.name, ", ".join(job.needs), job.check
    for name, error in broken.items():
        yield name, "cannot be loaded", partial(_raise, error)
    if settings.executor == "cloud-run" and settings.project:
        from common.cli.rights import rights

        yield from rights(jobs)


def _note_misspelt(client: Client) -> str:
    """Variables that are nearly a setting's, which is therefore as if nobody had said it."""
    settings = client.settings.environment()
    said = (name for name in os.environ if name.startswith("RUNJOBS_"))
    unknown = [name for name in said if name not in settings and name not in _PLATFORM]
    meant = {name: get_close_matches(name, settings, n=1, cutoff=_CLOSE) for name in unknown}
    return " ".join(f"{name} is no setting: is it {it[0]}?" for name, it in meant.items() if it)


def _raise(error: Misconfigured) -> None:
    raise error


def _check_documents(client: Client) -> None:
    client.documents.patience = _PATIENCE
    client.documents.check()


def _check_blobs(client: Client) -> None:
    client.blobs.check()


def _check_executor(client: Client) -> None:
    client.executor.check()


def _check_key() -> None:
    from common.integrations import Cipher

    Cipher.from_environ()


def _outcome(look: Callable[[], object]) -> tuple[str | None, str]:
    """What is wrong, if anything is, and what is to be noted."""
    try:
        note = look()
    except RunjobsError as error:
        return str(error), ""
    return None, note if isinstance(note, str) else ""
