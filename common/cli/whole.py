"""A run and all that comes of it: the batch that it has begun, and what follows that.

A job that begins a batch names it in its result, as `batch`. Whoever waits for such a run waits for
the batch too, and for what is submitted when it has ended; the last run of it all tells what came
of it.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from common.cli.watch import see_through
from common.dispatch.report.runs import next_id
from common.runs import Run, State

if TYPE_CHECKING:
    from common.dispatch import Client
    from common.runs import Batch

__all__ = ["see_it_all"]

_GLANCE = 50
"""Of the newest runs of a batch: what tells of it all is among them."""


def see_it_all(client: Client, run: Run, *, quiet: bool = False) -> Run:
    """See a run through, and all that comes of it; returns the last run. Ctrl-C is exit code 130:
    it goes on."""
    try:
        return _to_its_end(client, run, quiet=quiet)
    except KeyboardInterrupt:
        click.echo(f"\nRun {run.id} goes on without you: `runjobs watch {run.id}`.", err=True)
        sys.exit(130)


def _to_its_end(client: Client, run: Run, *, quiet: bool) -> Run:
    run = see_through(client, run, quiet=quiet)
    while (batch := _begun(client, run)) is not None:
        if not quiet:
            click.echo(f"It goes on as batch {batch.id}.", err=True)
        run = _end_of(client, batch, quiet=quiet) or run
    return run


def _begun(client: Client, run: Run) -> Batch | None:
    """The batch that a run has begun and names in its result."""
    if run.state is not State.SUCCEEDED or run.result is None:
        return None
    result = json.loads(run.result)
    id = result.get("batch") if isinstance(result, dict) else None
    found = client.dispatcher.batches.find(id) if isinstance(id, str) and id.isalnum() else None
    return found if found is not None and found.parent == run.id else None


def _end_of(client: Client, batch: Batch, *, quiet: bool) -> Run | None:
    """The last run that comes of a batch: what follows it or, where nothing does, what follows
    within it."""
    from common.cli.batch_watch import follow_batch

    found = follow_batch(client, batch.id, quiet=quiet)
    client.dispatcher.batches.continue_one(batch.id)  # which its last task may be about to do
    follows = client.runs.find(found.next) if found.next else None
    if follows is None:
        newest = client.runs.list({"batch": batch.id}, limit=_GLANCE)
        return next((run for run in newest if run.batch == batch.id), None)
    while True:
        follows = see_through(client, follows, quiet=quiet)
        after = next_id(follows)
        if follows.state is not State.SUCCEEDED or after is None:
            return follows
        follows = client.runs.get(after)
