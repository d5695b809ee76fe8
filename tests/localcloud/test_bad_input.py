"""Whatever is sent to the services is refused by name, or can be read by who asks for it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.localcloud.errors import ApiError
from common.localcloud.messages import message, message_type
from common.localcloud.rest import answered, parsed
from common.localcloud.rpc import Call, Rpc
from common.localcloud.scheduler import fields
from common.localcloud.tasks import task_fields
from common.localcloud.tokens import Tokens
from common.settings import Settings
from tests.localcloud.spoilt import BAD, spoilt

LOCATION = "projects/p/locations/us-central1"
ANY = "projects/*/databases/*/collectionGroups/*"
GROUP = "projects/p/databases/d/collectionGroups/runs"
QUEUE = {
    "name": f"{LOCATION}/queues/q",
    "rateLimits": {"maxDispatchesPerSecond": 5, "maxConcurrentDispatches": 3},
    "retryConfig": {
        "maxAttempts": 3,
        "maxRetryDuration": "5s",
        "minBackoff": "1s",
        "maxBackoff": "5s",
        "maxDoublings": 3,
    },
    "stackdriverLoggingConfig": {"samplingRatio": 1},
}
REQUEST = {
    "httpMethod": "POST",
    "headers": {"A": "b"},
    "body": "aGk=",
    "oidcToken": {"serviceAccountEmail": "a@b", "audience": "c"},
}
TASK = {
    "httpRequest": {**REQUEST, "url": "http://127.0.0.1:9/"},
    "scheduleTime": "2020-01-01T00:00:00Z",
    "dispatchDeadline": "20s",
}
SCHEDULE = {
    "name": f"{LOCATION}/jobs/j",
    "description": "d",
    "schedule": "* * * * *",
    "timeZone": "UTC",
    "retryConfig": {
        "retryCount": 3,
        "maxRetryDuration": "5s",
        "minBackoffDuration": "1s",
        "maxBackoffDuration": "5s",
        "maxDoublings": 3,
    },
    "attemptDeadline": "20s",
    "httpTarget": {**REQUEST, "uri": "http://127.0.0.1:9/"},
}
SERVICE = {
    "name": f"{LOCATION}/services/s",
    "labels": {"a": "b"},
    "template": {
        "containers": [{"image": "x", "resources": {"limits": {"cpu": "1"}}}],
        "scaling": {"maxInstanceCount": 1},
    },
    "traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
    "ingress": "INGRESS_TRAFFIC_ALL",
}
INDEX = {
    "queryScope": "COLLECTION",
    "fields": [
        {"fieldPath": "a", "order": "ASCENDING"},
        {"fieldPath": "b", "order": "DESCENDING"},
    ],
}
FIELD = {"name": f"{GROUP}/fields/f", "ttlConfig": {}, "indexConfig": {"indexes": []}}


@pytest.fixture
def cloud(tmp_path):
    settings = Settings.load({"RUNJOBS_HOME": str(tmp_path)})
    documents = open_documents(settings.documents)
    yield LocalCloud(settings, documents)
    documents.close()


class Asker:
    """Asks, sees to it that what is answered can be read, and counts what came of it."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.outcomes: Counter[str] = Counter()

    def __call__(self, of: str, **fields: Any) -> dict | None:
        """What is answered; None to what is refused."""
        rpc = next(it for it in self.cloud.rpcs if of in (_method(it), f"{it.verb} {it.path}"))
        try:
            answer = answered(rpc, Call(fields=parsed(json.dumps(fields).encode())))
        except ApiError as error:
            self.outcomes[error.status] += 1
            if error.status not in {"INVALID_ARGUMENT", "ALREADY_EXISTS", "ABORTED"}:
                raise
            return None
        self.outcomes["OK"] += 1
        if rpc.response:
            message(message_type(rpc.response), answer)
        return answer

    def both(self) -> bool:
        """Whether some were refused, and some not."""
        return {"OK", "INVALID_ARGUMENT"} <= self.outcomes.keys()


def _method(rpc: Rpc) -> str:
    return f"{rpc.service.rpartition('.')[2]}.{rpc.method}"


@pytest.fixture
def ask(cloud) -> Asker:
    return Asker(cloud)


def test_a_queue_is_refused_or_can_be_read(ask):
    name = {"name": QUEUE["name"]}
    for queue in spoilt(QUEUE):
        if made := ask("CloudTasks.CreateQueue", parent=LOCATION, queue=queue):
            wanted = {**queue, "name": made["name"]}
            ask("CloudTasks.UpdateQueue", queue=wanted, updateMask="rateLimits,retryConfig")
            ask("CloudTasks.DeleteQueue", name=made["name"])
    ask("CloudTasks.CreateQueue", parent=LOCATION, queue=name)
    for queue in spoilt(QUEUE):
        ask("CloudTasks.UpdateQueue", queue={**queue, **name} if isinstance(queue, dict) else queue)
    assert ask.both()


def test_a_task_is_refused_or_can_be_read_and_sent(ask):
    queue = QUEUE["name"]
    ask("CloudTasks.CreateQueue", parent=LOCATION, queue={"name": queue})
    for task in spoilt(TASK):
        ask("CloudTasks.CreateTask", parent=queue, task=task, responseView="FULL")
    assert ask.both()
    tokens, tasks = Tokens(ask.cloud.store), list(ask.cloud.store.all(f"{queue}/tasks"))
    assert tasks
    for each in tasks:
        task_fields.TARGETS.request(each.data["httpRequest"], tokens, {}, 1.0)


def test_a_schedule_is_refused_or_can_be_read_and_sent(ask):
    tokens = Tokens(ask.cloud.store)
    for job in spoilt(SCHEDULE):
        if made := ask("CloudScheduler.CreateJob", parent=LOCATION, job=job):
            fields.TARGETS.request(made["httpTarget"], tokens, {}, 1.0)
            ask("CloudScheduler.DeleteJob", name=made["name"])
    ask("CloudScheduler.CreateJob", parent=LOCATION, job=SCHEDULE)
    for job in spoilt(SCHEDULE):
        wanted = {**job, "name": SCHEDULE["name"]} if isinstance(job, dict) else SCHEDULE
        mask = "schedule,httpTarget.headers,retryConfig"
        ask("CloudScheduler.UpdateJob", job=wanted, updateMask=mask)
    assert ask.both()


def test_a_service_is_refused_or_can_be_read(ask):
    for number, service in enumerate(spoilt(SERVICE)):
        ask("Services.CreateService", parent=LOCATION, serviceId=f"s{number}", service=service)
    assert ask.both()


def test_an_index_and_a_field_are_refused_or_kept(ask):
    for index in spoilt(INDEX):
        ask(f"POST /v1/{{parent={ANY}}}/indexes", parent=GROUP, index=index)
    for field in spoilt(FIELD):
        wanted = {**field, "name": FIELD["name"]} if isinstance(field, dict) else FIELD
        ask(f"PATCH /v1/{{field.name={ANY}/fields/*}}", field=wanted)
    assert ask.both()


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_pages_and_views_and_permissions_are_refused_or_understood(ask, bad):
    ask("CloudTasks.CreateQueue", parent=LOCATION, queue=QUEUE)
    for field in ("pageSize", "pageToken", "responseView"):
        ask("CloudTasks.ListTasks", parent=QUEUE["name"], **{field: bad})
        ask("CloudScheduler.ListJobs", parent=LOCATION, **{field: bad})
    ask("CloudTasks.TestIamPermissions", resource=QUEUE["name"], permissions=bad)
    ask("CloudTasks.SetIamPolicy", resource=QUEUE["name"], policy=bad)
    assert ask.outcomes["OK"]
