"""Runs as JSON objects, for programs; their names are part of the interface."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from common.runs import Attempt, Failure, Run, State
from common.runs.chaining import after_run

__all__ = ["brief", "next_id", "time", "whole"]


def brief(run: Run) -> dict[str, Any]:
    """What became of a run."""
    return {
        "id": run.id,
        "job": run.job,
        "state": run.state.value,
        "attempts": len(run.attempts),
        "created": time(run.created),
        "due": time(run.due),
        "ended": time(run.ended),
        "tenant": run.tenant,
        "priority": run.priority.name.lower(),
        "batch": run.batch,
        "result": _json(run.result),
        "error": _error(run.error),
    }


def whole(run: Run) -> dict[str, Any]:
    """All that the ledger knows of a run."""
    return {
        **brief(run),
        "queue": run.queue,
        "key": run.key,
        "parent": run.parent,
        "then": run.then.job if run.then else None,
        "next": next_id(run),
        "params": _json(run.params),
        "progress": None
        if run.progress is None
        else {"fraction": run.progress.fraction, "message": run.progress.message},
        "checkpoint": _json(run.checkpoint),
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


def _attempt(attempt: Attempt) -> dict[str, Any]:
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


def _error(error: Failure | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {
        "type": error.type,
        "message": error.message,
        "retryable": error.retryable,
        "trace": error.trace,
    }


def _json(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def time(moment: datetime | None) -> str | None:
    """RFC 3339, in UTC."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
