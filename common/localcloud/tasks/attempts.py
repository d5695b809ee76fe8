"""An attempt at a task, from its dispatch to its end: pure functions from a task to the task as it
shall be.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from common.localcloud.answers import Answer
from common.localcloud.deliveries import CLAIM
from common.localcloud.rpc import Json
from common.localcloud.store import Resource
from common.localcloud.tasks.agendas import held, waiting
from common.localcloud.tasks.queue_fields import retry_fields, retry_of
from common.localcloud.values import time, timestamp
from common.waits import asked_wait

__all__ = ["failed", "given_back", "headers", "number", "renewed", "taken"]

_OLDEST = timedelta(days=31)
"""How old a task becomes, whatever its retries: https://cloud.google.com/tasks/docs/quotas"""


def number(task: Resource) -> int:
    """Of the attempt that was dispatched last; 0 before the first."""
    found: int = task.data.get("dispatchCount", 0)
    return found


def taken(task: Resource, queue: str, now: datetime) -> Resource:
    """An attempt begins."""
    dispatch = {"dispatchTime": timestamp(now)}
    data = {
        **task.data,
        "dispatchCount": number(task) + 1,
        "firstAttempt": task.data.get("firstAttempt", dispatch),
        "lastAttempt": {"scheduleTime": task.data["scheduleTime"], **dispatch},
    }
    return replace(task, data=data, agenda=held(queue), due=now + CLAIM)


def renewed(task: Resource, attempt: int, queue: str, now: datetime) -> Resource | None:
    """The attempt goes on; None where it is no longer the last one."""
    if number(task) != attempt or task.agenda != held(queue):
        return None
    return replace(task, due=now + CLAIM)


def given_back(task: Resource, queue: str, now: datetime) -> Resource:
    """Nobody knows what became of the attempt: there is another one at once."""
    return replace(task, agenda=waiting(queue), due=now)


def failed(task: Resource, queue: Resource, answer: Answer, now: datetime) -> Resource | None:
    """The attempt has failed; None where it was the last one."""
    attempt, first = number(task), time(task.data["firstAttempt"], "dispatchTime") or now
    config = retry_fields(task.data.get("retryConfig", {}), queue.data["retryConfig"])
    retry = retry_of(config)
    if retry.over(attempt, (now - first).total_seconds()) or now - task.created > _OLDEST:
        return None
    wait = max(retry.wait(attempt), asked_wait(answer.headers, None) or 0)
    due = now + timedelta(seconds=wait)
    kept, data = _counted(task, answer, now)
    data["scheduleTime"] = timestamp(due)
    return replace(task, data=data, kept=kept, agenda=waiting(queue.name), due=due)


def _counted(task: Resource, answer: Answer, now: datetime) -> tuple[Json, Json]:
    told = {"responseTime": timestamp(now), "responseStatus": answer.rpc}
    data = {**task.data, "lastAttempt": {**task.data["lastAttempt"], **told}}
    kept = {**task.kept, "previous": answer.status}
    if answer.status:
        data["responseCount"] = task.data.get("responseCount", 0) + 1
    if 0 < answer.status < 500:
        kept["executions"] = task.kept.get("executions", 0) + 1
    return kept, data


def headers(task: Resource, queue: str) -> dict[str, str]:
    """What the service adds to the request of the attempt that was just dispatched."""
    at = time(task.data["lastAttempt"], "scheduleTime")
    previous = task.kept.get("previous")
    return {
        "X-CloudTasks-QueueName": queue.rpartition("/")[2],
        "X-CloudTasks-TaskName": task.id,
        "X-CloudTasks-TaskRetryCount": str(number(task) - 1),
        "X-CloudTasks-TaskExecutionCount": str(task.kept.get("executions", 0)),
        "X-CloudTasks-TaskETA": f"{at.timestamp() if at else 0:.6f}",
        **({"X-CloudTasks-TaskPreviousResponse": str(previous)} if previous else {}),
    }
