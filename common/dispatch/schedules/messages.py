"""A job of Cloud Scheduler as google-cloud-scheduler's message, and what it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.cloud.scheduler_v1 import Job

__all__ = ["differs", "fields", "message"]


def message(said: dict[str, Any]) -> Job:
    """The message that has this JSON."""
    from google.cloud.scheduler_v1 import Job

    made: Job = Job.from_json(json.dumps(said))
    return made


def fields(job: Job) -> dict[str, Any]:
    """What it says, by the names that an update mask has; nothing that is left out."""
    found: dict[str, Any] = type(job).to_dict(job, always_print_fields_with_no_presence=False)
    return found


def differs(wanted: Job, found: Job) -> bool:
    """In what is wanted; what Cloud Scheduler adds is none of our business."""
    return not _is_within(fields(wanted), fields(found))


def _is_within(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(_is_within(value, found.get(name)) for name, value in wanted.items())
    return bool(wanted == found)
