"""Runs as JSON objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from common.dispatch.report.shallow import parsed
from common.runs import Attempt, Failure, Run, State
from common.runs.chaining import after_run

__all__ = [
    # shapes
    "AttemptData",
    "Brief",
    "ErrorData",
    "ProgressData",
    "Whole",
    # telling
    "brief",
    "next_id",
    "time",
    "whole",
]


class ErrorData(TypedDict):
    """Why an attempt, or the run, failed."""

    type: str
    message: str
    retryable: bool
    trace: str | None


class ProgressData(TypedDict):
    """How far a running attempt has come."""

    fraction: float
    message: str


class AttemptData(TypedDict):
    """One try at a run. Times are RFC 3339, in UTC."""

    number: int
    outcome: str | None
    execution: str
    task: int
    due: str | None
    reserved: str | None
    started: str | None
    ended: str | None
    queue_delay: float
    start_delay: float
    seconds: float | None
    vcpu_seconds: float | None
    gib_seconds: float | None
    error: ErrorData | None


class _Base(TypedDict):
    id: str
    job: str
    state: str
    created: str | None
    due: str | None
    ended: str | None
    tenant: str
    priority: str
    batch: str | None
    result: Any
    error: ErrorData | None


class Brief(_Base):
    """What became of a run. Times are RFC 3339, in UTC."""

    attempts: int


class Whole(_Base):
    """All that the ledger knows of a run. Times are RFC 3339, in UTC."""

    queue: str
    key: str | None
    parent: str | None
    then: str | None
    next: str | None
    params: Any
    progress: ProgressData | None
    checkpoint: Any
    failures: int
    max_attempts: int
    execution: str | None
    start_by: str | None
    unclaimed: int
    lease_until: str | None
    cancel_requested: str | None
    attempts: list[AttemptData]


def brief(run: Run) -> Brief:
    """What became of a run."""
    return {**_base(run), "attempts": len(run.attempts)}


def whole(run: Run) -> Whole:
    """All that the ledger knows of a run."""
    return {
        **_base(run),
        "queue": run.queue,
        "key": run.key,
        "parent": run.parent,
        "then": run.then.job if run.then else None,
        "next": next_id(run),
        "params": parsed(run.params),
        "progress": _progress(run),
        "checkpoint": parsed(run.checkpoint),
        "failures": run.failures,
        "max_attempts": run.max_attempts,
        "execution": run.execution,
        "start_by": time(run.start_by),
        "unclaimed": run.unclaimed,
        "lease_until": time(run.lease_until),
        "cancel_requested": time(run.cancel_requested),
        "attempts": [_attempt(attempt) for attempt in run.attempts],
    }


def next_id(run: Run) -> str | None:
    """The id of the run that continues this one, once it has succeeded."""
    if run.ended is None or run.state is not State.SUCCEEDED:
        return None
    found = after_run(run, run.ended)
    return found.id if found else None


def time(moment: datetime | None) -> str | None:
    """RFC 3339, in UTC."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _base(run: Run) -> _Base:
    return {
        "id": run.id,
        "job": run.job,
        "state": run.state.value,
        "created": time(run.created),
        "due": time(run.due),
        "ended": time(run.ended),
        "tenant": run.tenant,
        "priority": run.priority.name.lower(),
        "batch": run.batch,
        "result": parsed(run.result),
        "error": _error(run.error),
    }


def _attempt(attempt: Attempt) -> AttemptData:
    return {
        "number": attempt.number,
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "execution": attempt.worker.name,
        "task": attempt.worker.task,
        "due": time(attempt.due),
        "reserved": time(attempt.reserved),
        "started": time(attempt.started),
        "ended": time(attempt.ended),
        "queue_delay": attempt.queue_delay.total_seconds(),
        "start_delay": attempt.start_delay.total_seconds(),
        "seconds": (attempt.ended - attempt.started).total_seconds() if attempt.ended else None,
        "vcpu_seconds": attempt.vcpu_seconds,
        "gib_seconds": attempt.gib_seconds,
        "error": _error(attempt.error),
    }


def _progress(run: Run) -> ProgressData | None:
    if run.progress is None:
        return None
    return {"fraction": run.progress.fraction, "message": run.progress.message}


def _error(error: Failure | None) -> ErrorData | None:
    if error is None:
        return None
    return {
        "type": error.type,
        "message": error.message,
        "retryable": error.retryable,
        "trace": error.trace,
    }
