"""A Scheduler job's fields: what they are where nothing is said, and within what bounds.

https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs
"""

from __future__ import annotations

import re

from common.errors import Misconfigured
from common.localcloud.errors import invalid
from common.localcloud.kinds import MESSAGE, TEXT, check
from common.localcloud.retrying import Retry
from common.localcloud.rpc import Json
from common.localcloud.targets import Targets
from common.localcloud.values import duration, seconds, whole
from common.runs.schedule import Schedule

__all__ = ["TARGETS", "check_name", "job_fields", "retry_of", "schedule_of"]

TARGETS = Targets(
    field="httpTarget",
    url="uri",
    agent="Google-Cloud-Scheduler",
    headers="x-cloudscheduler",
    content_type="application/octet-stream",
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,500}")
_DESCRIPTION = 500
_DEADLINE = 180.0
_DEADLINES = (15.0, 1800.0)
_MOST_RETRIES = 5
_KINDS = {
    "description": TEXT,
    "httpTarget": MESSAGE,
    "schedule": TEXT,
    "timeZone": TEXT,
    "retryConfig": MESSAGE,
}
_FOREIGN = {"pubsubTarget": "Pub/Sub", "appEngineHttpTarget": "App Engine"}


def check_name(name: str, parent: str) -> None:
    """Raises ApiError INVALID_ARGUMENT."""
    id = name.removeprefix(f"{parent}/jobs/")
    if id == name or not _ID.fullmatch(id):
        raise invalid(
            "job.name", f"{name!r} is not {parent}/jobs/JOB with letters, digits, hyphens and _."
        )


def job_fields(data: Json) -> Json:
    """What a user says of a job, with defaults. Raises ApiError INVALID_ARGUMENT."""
    for name, product in _FOREIGN.items():
        if data.get(name):
            raise invalid(f"job.{name}", f"{product} is no part of the local cloud.")
    if not data.get("httpTarget"):
        raise invalid("job.httpTarget", "it is missing.")
    check("job", data, _KINDS)
    description = data.get("description") or ""
    if len(description) > _DESCRIPTION:
        raise invalid("job.description", "it has more than 500 characters.")
    found = {
        "httpTarget": TARGETS.checked(data["httpTarget"]),
        "schedule": data.get("schedule") or "",
        "timeZone": data.get("timeZone") or "UTC",
        "retryConfig": _retry_fields(data.get("retryConfig") or {}),
        "attemptDeadline": duration(_deadline(data)),
    }
    schedule_of(found)
    return {**found, "description": description} if description else found


def schedule_of(fields: Json) -> Schedule:
    """When it fires. Raises ApiError INVALID_ARGUMENT."""
    zone = fields["timeZone"]
    try:
        return Schedule(fields["schedule"], zone="UTC" if zone.upper() == "UTC" else zone)
    except Misconfigured as error:
        raise invalid(
            "job.schedule", f"{error} (Schedules in English are no part of the local cloud.)"
        ) from None


def retry_of(fields: Json) -> Retry:
    """What a job's retryConfig says; without a count and a duration there is no retry."""
    config = fields["retryConfig"]
    return Retry(
        attempts=config.get("retryCount", 0) + 1,
        duration=seconds(config, "maxRetryDuration"),
        least=seconds(config, "minBackoffDuration"),
        most=seconds(config, "maxBackoffDuration"),
        doublings=config["maxDoublings"],
    )


def _retry_fields(data: Json) -> Json:
    retries, doublings = whole(data, "retryCount"), whole(data, "maxDoublings") or 5
    if not 0 <= retries <= _MOST_RETRIES:
        raise invalid("retryConfig.retryCount", f"{retries} is not 0 to 5.")
    least = seconds(data, "minBackoffDuration") or 5.0
    most = seconds(data, "maxBackoffDuration") or 3600.0
    longest = seconds(data, "maxRetryDuration")
    if min(least, most, longest, doublings) < 0 or least > most:
        raise invalid("retryConfig", "nothing can be below 0, nor the least above the most.")
    return {
        **({"retryCount": retries} if retries else {}),
        "maxRetryDuration": duration(longest),
        "minBackoffDuration": duration(least),
        "maxBackoffDuration": duration(most),
        "maxDoublings": doublings,
    }


def _deadline(data: Json) -> float:
    found = seconds(data, "attemptDeadline") or _DEADLINE
    if not _DEADLINES[0] <= found <= _DEADLINES[1]:
        raise invalid("job.attemptDeadline", f"{duration(found)} is not within 15s and 1800s.")
    return found
