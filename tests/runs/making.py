"""Runs for tests, and the shortest ways through a ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from common.ids import random_id
from common.runs import Run, Runs, Worker, transitions

__all__ = ["claimed", "finished", "given", "made", "succeeded"]

HAND = Worker(execution=None, name="by-hand")


def made(now: datetime, id: str | None = None, *, age: float = 0.0, **fields) -> Run:
    """A pending run that has waited for so many seconds; for those to come, if that is negative."""
    due = now - timedelta(seconds=age)
    some = {"job": "noop", "queue": "q", "params": "{}", "max_attempts": 3, "ready": age >= 0}
    return Run(id=id or random_id(), created=now, due=due, **(some | fields))


def given(runs: Runs, found: Iterable[Run]) -> list[Run]:
    """All of them, in the ledger."""
    return [run for part in runs.submit_many(list(found)) for run in part]


def claimed(runs: Runs, run: Run, worker: Worker = HAND) -> Run:
    """The run, at work on."""
    return runs.claim(run.id, worker)


def succeeded(run: Run, now: datetime) -> Run:
    """The run as its owner ends it."""
    return transitions.succeed(run, token=run.token, now=now, result="null")


def finished(runs: Runs, run: Run, result: str = "null") -> Run:
    """The same, in the ledger."""
    now = runs.documents.now
    return runs.apply(
        run, lambda it: transitions.succeed(it, token=run.token, now=now(), result=result)
    )
