"""runjobs dead-letters: runs that failed for good, and another chance for them, or none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

import click

from common.cli.parts import json_option, print_json, runs_are
from common.cli.run_table import print_runs
from common.dispatch import Client
from common.dispatch.report.runs import brief
from common.errors import RunjobsError, Unavailable
from common.runs import Retention, Run, State

__all__ = ["dead_letters_command"]

_all = click.option("--all", "everything", is_flag=True, help="All there are.")
_job = click.option("--job", metavar="JOB", help="Of this job only.")


@click.group("dead-letters")
def dead_letters_command() -> None:
    """Runs that failed for good: list them, replay them, discard them."""


@dead_letters_command.command("list")
@_job
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
def list_command(*, job: str | None, limit: int, in_json: bool) -> None:
    """List dead letters, newest first, with what they failed of."""
    with Client() as client:
        none = "There are no dead letters."
        print_runs(client.runs, _where(job), limit=limit, in_json=in_json, otherwise=none)


@dead_letters_command.command("replay")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@_all
@_job
@json_option
def replay_command(
    ids: tuple[str, ...], *, everything: bool, job: str | None, in_json: bool
) -> None:
    """Try failed runs again.

    They have a new count of attempts, and keep their history.
    """
    _check_choice(ids, everything=everything, job=job)
    with Client() as client:
        chosen = _dead(client, job) if everything else ids
        replayed, code = _each(chosen, client.runs.replay)
        troubles = [_look(client, run) for run in _one_per_queue(replayed)]
        runs = [client.runs.get(run.id) for run in replayed]
    if in_json:
        print_json([brief(run) for run in runs])
    elif everything:
        watch = "; `runjobs watch` sees them through" if runs else ""
        click.echo(f"{runs_are(len(runs))} pending again{watch}.")
    else:
        for run in runs:
            watch = f"`runjobs watch {run.id}`"
            click.echo(f"{run.id} is {run.state} again; see it through with {watch}.")
    sys.exit(code or next(filter(None, troubles), 0))


@dead_letters_command.command("discard")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@_all
@_job
@json_option
def discard_command(
    ids: tuple[str, ...], *, everything: bool, job: str | None, in_json: bool
) -> None:
    """Remove failed runs, with their history and their blobs."""
    _check_choice(ids, everything=everything, job=job)
    with Client() as client:
        retention = Retention(client.runs, blobs=lambda: client.blobs)
        chosen = _dead(client, job) if everything else ids
        discarded, code = _each(chosen, retention.discard)
    if in_json:
        print_json([run.id for run in discarded])
    elif everything:
        click.echo(f"{runs_are(len(discarded))} discarded.")
    else:
        for run in discarded:
            click.echo(f"{run.id} of {run.job} is discarded.")
    sys.exit(code)


def _check_choice(ids: tuple[str, ...], *, everything: bool, job: str | None) -> None:
    if bool(ids) == everything:
        raise click.UsageError("Say either the IDs or --all.")
    if job and not everything:
        raise click.UsageError("--job goes with --all.")


def _where(job: str | None) -> dict[str, str]:
    return {"state": State.FAILED.value} | ({"job": job} if job else {})


def _dead(client: Client, job: str | None) -> Iterator[str]:
    """All dead letters, newest first."""
    return (run.id for run in client.runs.every(_where(job)))


def _each(ids: Iterable[str], step: Callable[[str], Run]) -> tuple[list[Run], int]:
    """Do it to each; what is wrong with one is said, and keeps no other from it."""
    done: list[Run] = []
    code = 0
    for id in ids:
        try:
            done.append(step(id))
        except Unavailable:
            raise
        except RunjobsError as error:
            click.echo(f"Error: {error}", err=True)
            code = code or error.exit_code
    return done, code


def _one_per_queue(runs: list[Run]) -> list[Run]:
    return list({run.queue: run for run in runs}.values())


def _look(client: Client, run: Run) -> int:
    """Have its queue looked at; what keeps it from being started is said."""
    try:
        client.dispatcher.look(run)
    except RunjobsError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    return 0
