"""Where a run stands in its queue, or how it left it, and when somebody must look after it.

They are written into the run's document beside what they follow from, to be asked for by one index.

ready   pending, and due: the next ones to be started are among these
later   pending, and due later; somebody has to notice when its time has come
active  starting or running: it takes one of the queue's slots
done    how it ended, in which queue: these are counted by the time at which they did
"""

from __future__ import annotations

from datetime import datetime, timedelta

from common.runs.records import Run, State

__all__ = [
    "ACTIVE",
    "CANCELLING",
    "LATER",
    "LOOK",
    "READY",
    "deadline",
    "done",
    "ended_in",
    "open_in",
    "place",
]

READY, LATER, ACTIVE = "ready", "later", "active"

LOOK = timedelta(seconds=40)
"""After so long it is looked whether a reserved execution was started at all: longer than the call
that starts one may take."""
CANCELLING = timedelta(seconds=20)
"""So long a running task has to see that its run was cancelled; then its execution is ended."""


def place(run: Run) -> str | None:
    """The queue and the run's place in it, as one value; None once it has ended."""
    if run.state.ended:
        return None
    if run.state is not State.PENDING:
        return f"{run.queue} {ACTIVE}"
    return f"{run.queue} {READY if run.ready else LATER}"


def done(run: Run) -> str | None:
    """The queue and how the run ended, as one value; None as long as it has not."""
    return ended_in(run.queue, run.state) if run.state.ended else None


def ended_in(queue: str, state: State) -> str:
    """Where the runs of a queue stand that ended so."""
    return f"{queue} {state}"


def open_in(run: Run) -> str | None:
    """The batch that something follows, as long as the run keeps that waiting."""
    return run.batch if run.awaited and not run.state.ended else None


def deadline(run: Run) -> datetime | None:
    """When to see whether the task that the run is in is still there; None while it is in none."""
    if run.state is State.STARTING and run.start_by is not None:
        return min(run.start_by, (run.reserved or run.start_by) + LOOK)
    if run.state is State.RUNNING and run.lease_until is not None:
        asked = run.cancel_requested
        return run.lease_until if asked is None else min(run.lease_until, asked + CANCELLING)
    return None
