"""A deployment as its parts, in the order in which each can be done."""

from __future__ import annotations

from collections.abc import Sequence

from common.deploy.access import Access
from common.deploy.api import Api
from common.deploy.declared import job_json
from common.deploy.deployment import DISPATCHER, Deployment
from common.deploy.dispatcher import queue_json, service_json
from common.deploy.firestore import Fields, Indexes
from common.deploy.kinds import JOB, QUEUE, SCHEDULE, SERVICE
from common.deploy.plan import Part
from common.deploy.resources import Resources
from common.deploy.schedules import schedules_json
from common.dispatch.schedules.target import schedule_id
from common.runtime.declare import Job

__all__ = ["dispatcher", "ground", "parts", "url_of"]


def ground(api: Api, deployment: Deployment) -> list[Part]:
    """What all else stands on: new code asks by new indexes, and sets wake-ups."""
    project, _, name = deployment.settings.documents.removeprefix("firestore://").partition("/")
    database = f"projects/{project}/databases/{name or '(default)'}"
    settings = deployment.settings
    tasks = f"projects/{settings.project}/locations/{settings.tasks_location}"
    queue = Resources(api, QUEUE, tasks, {settings.wakeup_queue: queue_json()})
    return [Indexes(api, database), Fields(api, database), queue]


def dispatcher(api: Api, deployment: Deployment) -> Resources:
    """The service alone."""
    return Resources(api, SERVICE, deployment.location, {DISPATCHER: service_json(deployment)})


def parts(api: Api, deployment: Deployment, jobs: Sequence[Job]) -> list[Part]:
    """All of it; schedules come last, since they start what the others are."""
    location, accounts = deployment.location, deployment.accounts
    wanted = {job.name: job_json(job, deployment) for job in jobs}
    spared = [schedule_id(name) for name in deployment.left_out]
    service = f"{location}/services/{DISPATCHER}"
    return [
        *ground(api, deployment),
        Resources(api, JOB, location, wanted, spared=deployment.left_out),
        dispatcher(api, deployment),
        Access(api, service, [accounts.wakeups, *deployment.settings.api_accounts]),
        Resources(api, SCHEDULE, location, schedules_json(deployment, jobs), spared=spared),
    ]


def url_of(api: Api, deployment: Deployment) -> str:
    """Where the dispatcher answers; empty while it is not there."""
    if deployment.settings.dispatcher_url:
        return deployment.settings.dispatcher_url
    found = dispatcher(api, deployment).find(DISPATCHER)
    return str((found or {}).get("uri") or "")
