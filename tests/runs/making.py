"""Runs for tests, and the shortest ways through a ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from common.ids import random_id
from common.runs import (
    Attempt,
    Failure,
    QueueLimits,
    Queues,
    Run,
    Runs,
    State,
    Then,
    Worker,
    transitions,
)

__all__ = [
    "attempted",
    "claimed",
    "failed",
    "finished",
    "given",
    "made",
    "succeeded",
    "AFTER",
    "after",
    "limit",
]

HAND = Worker(execution=None, name="by-hand")
AFTER = Then(job="noop", params='{"of":"{batch}"}', queue="q")


def made(now: datetime, id: str | None = None, *, age: float = 0.0, **fields) -> Run:
    """A pending run that has waited for so many seconds; for those to come, if that is negative."""
    due = now - timedelta(seconds=age)
    some = {"job": "noop", "queue": "q", "params": "{}", "max_attempts": 3, "ready": age >= 0}
    return Run(id=id or random_id(), created=now, due=due, **(some | fields))


def attempted(*workers: tuple[str, int]) -> Run:
    """One that these tasks have attempted in turn: each an execution's name and an index."""
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    attempts = [
        Attempt(
            number=number,
            token=str(number),
            worker=Worker(execution="e", name=name, task=task),
            due=noon,
            reserved=None,
            started=noon,
        )
        for number, (name, task) in enumerate(workers, 1)
    ]
    return replace(made(noon, "r"), attempts=tuple(attempts))


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


def failed(runs: Runs, run: Run) -> Run:
    """The run, failed for good."""
    run = run if run.state is State.RUNNING else claimed(runs, run)
    error, now = Failure(type="E", message="no", retryable=False), runs.documents.now
    return runs.apply(
        run,
        lambda it: transitions.fail(it, token=run.token, now=now(), error=error, retry_in=None),
    )


def after(runs: Runs, id: str) -> list[Run]:
    """What was submitted after that run or batch."""
    return [run for run in runs.list() if run.parent == id]


def limit(runs: Runs, **limits: float | None) -> None:
    """Declare limits of the queue."""
    Queues(runs.documents).declare("q", QueueLimits(**limits))
