"""A task's fields: what they are where nothing is said, and within what bounds.

https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

from common.localcloud.errors import invalid
from common.localcloud.kinds import MESSAGE, check
from common.localcloud.rpc import Json
from common.localcloud.targets import Targets
from common.localcloud.tasks.queue_fields import retry_fields
from common.localcloud.values import duration, named, seconds, time, timestamp

__all__ = ["TARGETS", "check_task_name", "shown", "task_fields", "view_of"]

TARGETS = Targets(
    field="httpRequest", url="url", agent="Google-Cloud-Tasks", headers="x-cloudtasks-"
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,500}")
_VIEWS = ("VIEW_UNSPECIFIED", "BASIC", "FULL")
_LARGEST = 950_000
"""Bytes of its JSON: it is kept in a document. (Google takes 1 MiB without the base64.)"""
_FARTHEST = timedelta(days=30)
_DEADLINE = 600.0
_DEADLINES = (15.0, 1800.0)


def check_task_name(name: str, queue: str) -> None:
    """Raises ApiError INVALID_ARGUMENT."""
    if not name.startswith(f"{queue}/tasks/"):
        raise invalid("task.name", f"{name!r} is not in the queue {queue}.")
    if not _ID.fullmatch(name.removeprefix(f"{queue}/tasks/")):
        raise invalid("task.name", "its id is not 1 to 500 letters, digits, hyphens and _.")


def task_fields(data: Json, now: datetime) -> Json:
    """What a user says of a task, with defaults. Raises ApiError INVALID_ARGUMENT."""
    if data.get("appEngineHttpRequest"):
        raise invalid("task.appEngineHttpRequest", "App Engine is no part of the local cloud.")
    if not data.get("httpRequest"):
        raise invalid("task.httpRequest", "it is missing.")
    check("task", data, {"httpRequest": MESSAGE, "retryConfig": MESSAGE})
    found = {
        "httpRequest": TARGETS.checked(data["httpRequest"]),
        "scheduleTime": timestamp(_scheduled(data, now)),
        "createTime": timestamp(now, whole=True),
        "dispatchDeadline": duration(_deadline(data)),
    }
    if retry := data.get("retryConfig"):
        retry_fields(retry)  # the queue says the rest, as it stands when it is needed
        found["retryConfig"] = retry
    if (size := len(json.dumps(found))) > _LARGEST:
        raise invalid("task", f"with its body in base64 it has {size:,} bytes: {_LARGEST:,} fit.")
    return found


def _scheduled(data: Json, now: datetime) -> datetime:
    at = max(now, time(data, "scheduleTime") or now)
    if at > now + _FARTHEST:
        raise invalid("task.scheduleTime", f"{timestamp(at)} is more than 30 days from now.")
    return at


def _deadline(data: Json) -> float:
    found = seconds(data, "dispatchDeadline", _DEADLINE)
    if not _DEADLINES[0] <= found <= _DEADLINES[1]:
        raise invalid("task.dispatchDeadline", f"{duration(found)} is not within 15s and 1800s.")
    return found


def view_of(fields: Json) -> str:
    """How much of a task is asked for."""
    return "FULL" if named(fields, "responseView", _VIEWS) == "FULL" else "BASIC"


def shown(data: Json, view: str) -> Json:
    """A task as it is answered: without its body, unless all is asked for."""
    request = dict(data["httpRequest"])
    if view != "FULL":
        request.pop("body", None)
    return {**data, "httpRequest": request, "view": view}
