"""Conditions: where an execution, or a task, has got to. https://cloud.google.com/run/docs/reference/rest/v2/Condition"""

from __future__ import annotations

from common.localcloud.rpc import Json
from common.localcloud.run.names import stamp
from common.localcloud.run.standing import Attempt, Standing

__all__ = ["FAILED", "condition", "of_attempt", "of_execution", "status"]

PENDING, FAILED, SUCCEEDED = "CONDITION_PENDING", "CONDITION_FAILED", "CONDITION_SUCCEEDED"
_ABORTED, _CANCELLED, _INTERNAL = 10, 1, 13
"""Of google.rpc.Code."""


def condition(kind: str, state: str, since: str, *, message: str = "", reason: str = "") -> Json:
    """One condition."""
    told = {"message": message} if message else {}
    why = {"executionReason": reason} if reason else {}
    return {"type": kind, "state": state, **told, "lastTransitionTime": since, **why}


def of_execution(id: str, standing: Standing, created: str, *, cancelled: bool) -> list[Json]:
    """Where an execution has got to; `cancelled` is whether that was asked for."""
    return [
        _completed(id, standing, created, cancelled=cancelled),
        condition("ResourcesAvailable", SUCCEEDED, created),
        _started(standing.started, created),
        condition("ContainerReady", SUCCEEDED, created),
    ]


def of_attempt(attempt: Attempt, created: str) -> list[Json]:
    """Where a task has got to."""
    started = _started(attempt.begun, created)
    if not attempt.result:
        return [condition("Completed", PENDING, started["lastTransitionTime"]), started]
    ended = stamp(attempt.ended) if attempt.ended is not None else created
    state = SUCCEEDED if attempt.result == "succeeded" else FAILED
    message = status(attempt).get("message", "")
    reason = {"cancelled": "CANCELLED", "failed": "NON_ZERO_EXIT_CODE"}.get(attempt.result, "")
    return [condition("Completed", state, ended, message=message, reason=reason), started]


def status(attempt: Attempt) -> Json:
    """How an attempt ended, as a google.rpc.Status; what it said last is after Google's words."""
    if attempt.result == "succeeded":
        return {}
    if attempt.result == "cancelled":
        return {"code": _CANCELLED, "message": "The task was cancelled."}
    if attempt.started is None:
        return {"code": _INTERNAL, "message": attempt.detail}
    if attempt.detail.startswith("Exit code"):
        said = attempt.detail.partition(". ")[2]
        return {"code": _ABORTED, "message": f"The container exited with an error. {said}".strip()}
    return {"code": _ABORTED, "message": attempt.detail}


def _completed(id: str, standing: Standing, created: str, *, cancelled: bool) -> Json:
    if not standing.ended:
        since = stamp(standing.started) if standing.started is not None else created
        return condition("Completed", PENDING, since, reason="CANCELLING" if cancelled else "")
    ended = stamp(standing.finished) if standing.finished is not None else created
    if standing.count("cancelled"):
        message = "The execution was cancelled."
        return condition("Completed", FAILED, ended, message=message, reason="CANCELLED")
    if not standing.count("failed"):
        return condition("Completed", SUCCEEDED, ended)
    message = _message(id, standing)
    return condition("Completed", FAILED, ended, message=message, reason="NON_ZERO_EXIT_CODE")


def _message(id: str, standing: Standing) -> str:
    """Of the first task that failed."""
    index, task = next(it for it in enumerate(standing.tasks) if it[1].result == "failed")
    exited = f" with exit code: {task.exit_code} and" if task.exit_code is not None else " with"
    return f"Task {id}-task{index} failed{exited} message: {status(task)['message']}"


def _started(began: float | None, created: str) -> Json:
    if began is None:
        return condition("Started", PENDING, created)
    return condition("Started", SUCCEEDED, stamp(began))
