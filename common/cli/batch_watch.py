"""Following a batch to its end, by how many of its runs are in each state."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from common.cli.bar import Bar
from common.cli.batches import report_batch
from common.clock import SYSTEM
from common.dispatch.errors import is_for_now
from common.dispatch.report.batches import Standing, standing
from common.errors import RunjobsError
from common.runs import Progress, Run, State

if TYPE_CHECKING:
    from common.dispatch import Client

__all__ = ["end_with_batch", "follow_batch"]

_SOON = timedelta(seconds=15)
"""Between sweeps, which one does while one waits: what lost its task is seen to."""
_PAUSES, _REST = 3, 10
"""Between looks, in the store's own, and in times that a look takes: it counts many runs."""
_LONGEST = 5.0
"""Seconds between looks at most."""
_GLANCE = 50
"""Runs that wait, to learn which queues they are in."""
_UNSEALED = timedelta(minutes=5)
"""So long after it was begun, a batch that has come to rest is not being submitted any more."""


def end_with_batch(client: Client, id: str, *, in_json: bool) -> None:
    """Follow a batch to its end, tell how it ended, and exit by that."""
    try:
        found = follow_batch(client, id, quiet=in_json)
    except KeyboardInterrupt:
        click.echo(f"\nBatch {id} goes on without you: `runjobs watch --batch {id}`.", err=True)
        sys.exit(130)
    report_batch(found, in_json=in_json)
    if not found.succeeded:
        sys.exit(1)


def follow_batch(client: Client, id: str, *, quiet: bool = False) -> Standing:
    """Show how a batch comes on until its runs have ended; meanwhile what is due is started."""
    first = found = standing(client.runs, id)
    with Bar(quiet=quiet) as bar:
        for found in _looks(client, first):
            said = [f"{count:,} {state}" for state, count in found.counts.items() if count]
            share = 1 - found.open / found.total
            bar.show(Progress(fraction=share, message=f"{', '.join(said)} of {found.total:,}"))
    return found


def _looks(client: Client, found: Standing) -> Iterator[Standing]:
    sweep_at = client.documents.now() + _SOON
    told: set[str] = set()
    at_rest = 0
    while at_rest < 2:  # one look may miss a run on its way from one state to another
        yield found
        began = SYSTEM.monotonic()
        with _patience(told):
            sweep_at = _advance(client, found, sweep_at)
        with _patience(told):
            found = standing(client.runs, found.batch.id)
            at_rest = at_rest + 1 if _is_over(client, found) else 0
        if not at_rest:
            _pause(client, SYSTEM.monotonic() - began)


def _pause(client: Client, took: float) -> None:
    interval = client.documents.read_interval
    for _ in range(max(_PAUSES, round(min(_REST * took, _LONGEST) / interval))):
        client.dispatcher.pause()


def _advance(client: Client, found: Standing, sweep_at: datetime) -> datetime:
    """Start what is due, and sweep if it is time to; returns when it will be."""
    for run in _waiting(client, found):
        client.dispatcher.advance(run)
    now = client.documents.now()
    if now < sweep_at:
        return sweep_at
    client.dispatcher.sweep()
    return now + _SOON


def _waiting(client: Client, found: Standing) -> list[Run]:
    """A run that is due for each queue in which some of the batch wait."""
    if not found.counts[State.PENDING]:
        return []
    where = {"batch": found.batch.id, "state": State.PENDING.value}
    now = client.documents.now()
    runs = client.runs.list(where, limit=_GLANCE)
    return list({run.queue: run for run in runs if run.due <= now}.values())


def _is_over(client: Client, found: Standing) -> bool:
    if found.open or found.waits:
        return False
    return found.batch.sealed or client.documents.now() > found.batch.created + _UNSEALED


@contextmanager
def _patience(told: set[str]) -> Iterator[None]:
    """What may pass is told once, and tried again."""
    try:
        yield
    except RunjobsError as error:
        if not is_for_now(error):
            raise
        if str(error) not in told:
            told.add(str(error))
            click.echo(f"{error} It is tried again.", err=True)
