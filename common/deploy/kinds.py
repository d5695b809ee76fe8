"""The kinds of resources that a deployment has, and how each says that it is ours."""

from __future__ import annotations

from typing import Any

from common.deploy.api import Api
from common.deploy.deployment import LABELS
from common.deploy.kind import Kind
from common.deploy.schedules import is_ours

__all__ = ["JOB", "QUEUE", "SCHEDULE", "SERVICE"]

Json = dict[str, Any]

_RUN = "run.googleapis.com"


def _is_labelled(found: Json) -> bool:
    return (found.get("labels") or {}).items() >= LABELS.items()


def _running(api: Api, name: str) -> str:
    """Deleting a job would end what it runs."""
    executions = api.listed(_RUN, f"v2/{name}/executions", "executions")
    for found in executions:
        if not found.get("completionTime"):
            id = str(found["name"]).rpartition("/")[2]
            return f"its execution {id} has not ended; deploy again when it has, or cancel it"
    return ""


JOB = Kind(
    title="Cloud Run job",
    service=_RUN,
    version="v2",
    collection="jobs",
    id_field="jobId",
    is_ours=_is_labelled,
    adopt="gcloud run jobs update {name} --update-labels=managed-by=runjobs",
    in_use=_running,
)
SERVICE = Kind(
    title="Cloud Run service",
    service=_RUN,
    version="v2",
    collection="services",
    id_field="serviceId",
    is_ours=_is_labelled,
    adopt="gcloud run services update {name} --update-labels=managed-by=runjobs",
)
QUEUE = Kind(
    title="Cloud Tasks queue",
    service="cloudtasks.googleapis.com",
    version="v2",
    collection="queues",
    by_mask=True,
)
SCHEDULE = Kind(
    title="Cloud Scheduler job",
    service="cloudscheduler.googleapis.com",
    version="v1",
    collection="jobs",
    by_mask=True,
    is_ours=is_ours,
    adopt="gcloud scheduler jobs update http {name} --description='Managed by runjobs'",
)
