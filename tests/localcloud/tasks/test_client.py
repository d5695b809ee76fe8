"""Google's own client, over HTTP and gRPC: what it makes is delivered, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from google.api_core.exceptions import BadRequest, Conflict, NotFound
from google.auth.transport.requests import Request
from google.cloud import tasks_v2
from google.iam.v1 import iam_policy_pb2
from google.oauth2 import id_token
from google.protobuf import field_mask_pb2
from starlette.responses import Response

from common.localcloud.cloud import LocalCloud
from common.settings import Settings
from tests.localcloud.speaking import speaking
from tests.localcloud.worker import working

LOCATION = "projects/test/locations/us-central1"
QUEUE = f"{LOCATION}/queues/q"
ACCOUNT = "tasks@test.iam.gserviceaccount.com"


@pytest.fixture
def cloud(documents, tmp_path):
    return LocalCloud(Settings.load({"RUNJOBS_HOME": str(tmp_path)}), documents)


@pytest.fixture
def served(cloud):
    with cloud.serving() as url:
        yield url


@pytest.fixture(params=["rest", "grpc"])
def client(served, cloud, request):
    with speaking(request.param, tasks_v2.CloudTasksClient, cloud, served) as client:
        yield client


@pytest.fixture
def queue(client):
    limits = tasks_v2.RateLimits(max_concurrent_dispatches=3)
    retry = tasks_v2.RetryConfig(min_backoff=timedelta(seconds=0.05))
    queue = tasks_v2.Queue(name=QUEUE, rate_limits=limits, retry_config=retry)
    return client.create_queue(parent=LOCATION, queue=queue)


@pytest.fixture
def worker():
    with working() as it:
        yield it


def task(worker, id: str = "", **fields):
    request = tasks_v2.HttpRequest(url=worker.url, **fields.pop("http_request", {}))
    name = f"{QUEUE}/tasks/{id}" if id else ""
    return tasks_v2.Task(name=name, http_request=request, **fields)


def test_queues_are_made_changed_listed_and_removed(client, queue):
    assert queue.rate_limits.max_dispatches_per_second == 500
    assert client.get_queue(name=QUEUE) == queue
    changed = client.update_queue(
        queue=tasks_v2.Queue(name=QUEUE, retry_config=tasks_v2.RetryConfig(max_attempts=5)),
        update_mask=field_mask_pb2.FieldMask(paths=["retry_config.max_attempts"]),
    )
    assert (changed.retry_config.max_attempts, changed.rate_limits) == (5, queue.rate_limits)
    assert client.pause_queue(name=QUEUE).state == tasks_v2.Queue.State.PAUSED
    assert [each.state for each in client.list_queues(parent=LOCATION)] == [2]
    assert client.resume_queue(name=QUEUE).state == tasks_v2.Queue.State.RUNNING
    client.delete_queue(name=QUEUE)
    with pytest.raises(NotFound):
        client.get_queue(name=QUEUE)


@pytest.mark.usefixtures("queue")
def test_policies_are_answered(client):
    asked = iam_policy_pb2.TestIamPermissionsRequest(
        resource=QUEUE, permissions=["cloudtasks.tasks.create"]
    )
    assert client.test_iam_permissions(asked).permissions == ["cloudtasks.tasks.create"]
    assert client.get_iam_policy(iam_policy_pb2.GetIamPolicyRequest(resource=QUEUE)).etag


@pytest.mark.usefixtures("queue")
def test_tasks_are_made_shown_listed_and_removed(client, worker):
    at = datetime.now(UTC) + timedelta(hours=1)
    made = client.create_task(
        parent=QUEUE, task=task(worker, "a", schedule_time=at, http_request={"body": b"x"})
    )
    assert (made.http_request.body, made.view) == (b"", tasks_v2.Task.View.BASIC)
    request = {"name": made.name, "response_view": tasks_v2.Task.View.FULL}
    assert client.get_task(request).http_request.body == b"x"
    assert [each.name for each in client.list_tasks(parent=QUEUE)] == [made.name]
    client.delete_task(name=made.name)
    with pytest.raises(Conflict, match="too recently"):
        client.create_task(parent=QUEUE, task=task(worker, "a"))
    with pytest.raises(BadRequest, match="scheduleTime"):
        client.create_task(parent=QUEUE, task=task(worker, schedule_time=at + timedelta(days=31)))
    assert worker.got == []


@pytest.mark.usefixtures("queue")
def test_what_fails_is_delivered_again_until_it_succeeds(client, worker):
    worker.answers += [Response(status_code=500), Response(status_code=404)]
    client.create_task(parent=QUEUE, task=task(worker, "a", http_request={"body": b"x"}))
    got = worker.wait(3)
    assert {each.body for each in got} == {b"x"}
    assert [each.headers["x-cloudtasks-taskretrycount"] for each in got] == ["0", "1", "2"]
    assert got[2].headers["x-cloudtasks-taskpreviousresponse"] == "404"
    assert got[0].headers["user-agent"] == "Google-Cloud-Tasks"


@pytest.mark.usefixtures("queue")
def test_its_identity_token_is_verified_by_the_certificates_it_serves(client, worker, served):
    token = tasks_v2.OidcToken(service_account_email=ACCOUNT, audience="https://dispatcher")
    client.create_task(parent=QUEUE, task=task(worker, http_request={"oidc_token": token}))
    (got,) = worker.wait(1)
    claims = id_token.verify_token(
        got.headers["authorization"].removeprefix("Bearer "),
        Request(),
        audience="https://dispatcher",
        certs_url=f"{served}/oauth2/v1/certs",
    )
    assert claims["email"] == ACCOUNT


@pytest.mark.usefixtures("queue")
def test_a_task_that_is_run_comes_at_once_from_a_paused_queue(client, worker):
    client.pause_queue(name=QUEUE)
    at = datetime.now(UTC) + timedelta(hours=1)
    made = client.create_task(parent=QUEUE, task=task(worker, schedule_time=at))
    client.run_task(name=made.name)
    assert len(worker.wait(1)) == 1


@pytest.mark.usefixtures("queue")
def test_no_more_at_once_than_the_queue_says(client, worker):
    worker.open.clear()
    for _ in range(7):
        client.create_task(parent=QUEUE, task=task(worker))
    worker.wait(3)
    worker.open.set()
    worker.wait(7)
    assert worker.most == 3
