"""Runs as JSON objects, for programs; their names are part of the interface."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from common.runs import Attempt, Failure, Run

__all__ = ["brief", "whole"]


def brief(run: Run) -> dict[str, Any]:
    """What became of a run."""
    return {
        "id": run.id,
        "job": run.job,
        "state": run.state.value,
        "attempts": len(run.attempts),
        "created": _time(run.created),
        "due": _time(run.due),
        "ended": _time(run.ended),
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
        "params": _json(run.params),
        "progress": None
        if run.progress is None
        else {"fraction": run.progress.fraction, "message": run.progress.message},
        "checkpoint": _json(run.checkpoint),
        "failures": run.failures,
        "max_attempts": run.max_attempts,
        "execution": run.execution,
        "start_by": _time(run.start_by),
        "unclaimed": run.unclaimed,
        "lease_until": _time(run.lease_until),
        "cancel_requested": _time(run.cancel_requested),
        "attempts": [_attempt(attempt) for attempt in run.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "execution": attempt.worker.name,
        "task": attempt.worker.task,
        "due": _time(attempt.due),
        "reserved": _time(attempt.reserved),
        "started": _time(attempt.started),
        "ended": _time(attempt.ended),
        "seconds": (attempt.ended - attempt.started).total_seconds() if attempt.ended else None,
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


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
