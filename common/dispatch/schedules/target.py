"""A schedule as a job of Cloud Scheduler: a start of the Cloud Run Job, at each moment.

https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs

Deploying makes these, by `schedule_id` and `schedule_json`, and so does the seam's backend. Jobs of
Cloud Scheduler take no labels: a name that begins like ours and our description are the mark.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from common.runs import Schedule
from common.runtime.entrypoint import BY_SCHEDULE

__all__ = ["MARK", "PREFIX", "job_of", "schedule_id", "schedule_json"]

PREFIX = "runjobs-job-"
MARK = "Managed by runjobs"

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_DEADLINE = "60s"
_RETRY = {"retryCount": 5, "minBackoffDuration": "10s", "maxBackoffDuration": "120s"}
"""A start too many leaves without a run, so that it may be asked for again; all within the time in
which it counts as doubled."""


def schedule_id(job: str) -> str:
    """Its name, without the location."""
    return PREFIX + job


def schedule_json(
    job: str, schedule: Schedule, *, project: str, region: str, account: str
) -> dict[str, Any]:
    """What it says, without its name.

    As `account` Cloud Scheduler starts the Cloud Run Job, which is named like ours; with a variable
    to tell it so, for which that account needs roles/run.jobsExecutorWithOverrides.
    """
    said = {"overrides": {"containerOverrides": [{"env": [{"name": BY_SCHEDULE, "value": "1"}]}]}}
    run = f"v2/projects/{project}/locations/{region}/jobs/{job}:run"
    return {
        "description": f"{MARK}: starts {job}.",
        "schedule": schedule.cron,
        "timeZone": schedule.zone,
        "attemptDeadline": _DEADLINE,
        "retryConfig": _RETRY,
        "httpTarget": {
            "uri": f"https://run.googleapis.com/{run}",
            "httpMethod": "POST",
            "headers": {"Content-Type": "application/json"},
            "body": base64.b64encode(json.dumps(said).encode()).decode(),
            "oauthToken": {"serviceAccountEmail": account, "scope": _SCOPE},
        },
    }


def job_of(name: str, description: str) -> str | None:
    """The job that one starts, by its full name; None for what is not ours, or no job's."""
    id = name.rpartition("/")[2]
    ours = id.startswith(PREFIX) and description.startswith(MARK)
    return id.removeprefix(PREFIX) if ours else None
