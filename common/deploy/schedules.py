"""The jobs of Cloud Scheduler: one for each schedule, and the hourly sweep.

https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs

They take no labels: a name that begins like ours and our description are the mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.deploy.deployment import Deployment
from common.dispatch.schedules.target import MARK, job_of, schedule_id, schedule_json
from common.runtime.declare import Job

__all__ = ["SWEEP", "is_ours", "schedules_json"]

Json = dict[str, Any]

SWEEP = "runjobs-sweep"


def schedules_json(deployment: Deployment, jobs: Sequence[Job]) -> dict[str, Json]:
    """By their ids."""
    found = {SWEEP: _sweep(deployment)}
    for job in jobs:
        if job.schedule is not None:
            found[schedule_id(job.name)] = schedule_json(
                job.name,
                job.schedule,
                project=deployment.settings.project,
                region=deployment.settings.region,
                account=deployment.accounts.schedules,
            )
    return found


def is_ours(found: Json) -> bool:
    """Whether one carries our mark."""
    name, description = str(found.get("name")), str(found.get("description"))
    if name.endswith(f"/{SWEEP}"):
        return description.startswith(MARK)
    return job_of(name, description) is not None


def _sweep(deployment: Deployment) -> Json:
    """The net below the wake-ups: without it the dispatcher is called only when there is work."""
    url = deployment.settings.dispatcher_url
    return {
        "description": f"{MARK}: finds what was left undone.",
        "schedule": "17 * * * *",
        "timeZone": "Etc/UTC",
        "attemptDeadline": "300s",
        "retryConfig": {"retryCount": 3, "minBackoffDuration": "10s"},
        "httpTarget": {
            "uri": f"{url}/internal/sweep",
            "httpMethod": "POST",
            "oidcToken": {"serviceAccountEmail": deployment.accounts.wakeups, "audience": url},
        },
    }
