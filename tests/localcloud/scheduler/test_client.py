"""Google's own client, over HTTP and gRPC: what it makes fires, over HTTP."""

from __future__ import annotations

import threading

import pytest
from google.api_core.exceptions import BadRequest, Conflict, NotFound
from google.auth.transport.requests import Request
from google.cloud import run_v2, scheduler_v1
from google.oauth2 import id_token
from google.protobuf import field_mask_pb2

from common.dispatch.google import access
from common.localcloud.cloud import LocalCloud
from common.settings import Settings
from tests.localcloud.speaking import speaking
from tests.localcloud.worker import working

LOCATION = "projects/test/locations/us-central1"
JOB = f"{LOCATION}/jobs/j"
ACCOUNT = "scheduler@test.iam.gserviceaccount.com"
NEW_YEAR = "0 0 1 1 *"


class Watched:
    """An application that tells when it has answered a request to run something."""

    def __init__(self, app) -> None:
        self._app = app
        self.ran = threading.Event()

    async def __call__(self, scope, receive, send) -> None:
        await self._app(scope, receive, send)
        if scope["path"].endswith("/work:run"):
            self.ran.set()


@pytest.fixture
def cloud(documents, tmp_path):
    cloud = LocalCloud(Settings.load({"RUNJOBS_HOME": str(tmp_path)}), documents)
    cloud.rest = Watched(cloud.rest)
    return cloud


@pytest.fixture
def served(cloud):
    with cloud.serving() as url:
        yield url


@pytest.fixture(params=["rest", "grpc"])
def client(served, cloud, request):
    with speaking(request.param, scheduler_v1.CloudSchedulerClient, cloud, served) as client:
        yield client


@pytest.fixture
def worker():
    with working() as it:
        yield it


def job(uri: str, **fields) -> scheduler_v1.Job:
    target = scheduler_v1.HttpTarget(uri=uri, **fields)
    return scheduler_v1.Job(
        name=JOB, schedule=NEW_YEAR, time_zone="Europe/Berlin", http_target=target
    )


def test_jobs_are_made_changed_listed_and_removed(client, worker):
    made = client.create_job(parent=LOCATION, job=job(worker.url, body=b"{}"))
    assert (made.state, made.time_zone) == (scheduler_v1.Job.State.ENABLED, "Europe/Berlin")
    assert (made.schedule_time.month, made.schedule_time.hour) == (12, 23)
    with pytest.raises(Conflict):
        client.create_job(parent=LOCATION, job=job(worker.url))
    changed = client.update_job(
        job=scheduler_v1.Job(name=JOB, description="new"),
        update_mask=field_mask_pb2.FieldMask(paths=["description"]),
    )
    assert (changed.description, changed.http_target.body) == ("new", b"{}")
    assert client.pause_job(name=JOB).state == scheduler_v1.Job.State.PAUSED
    assert [each.state for each in client.list_jobs(parent=LOCATION)] == [2]
    assert client.resume_job(name=JOB).state == scheduler_v1.Job.State.ENABLED
    client.delete_job(name=JOB)
    with pytest.raises(NotFound):
        client.get_job(name=JOB)
    bad = scheduler_v1.Job(name=JOB, schedule="hourly", http_target={"uri": worker.url})
    with pytest.raises(BadRequest, match=r"job\.schedule"):
        client.create_job(parent=LOCATION, job=bad)


def test_what_is_run_fires_with_a_token_of_its_account(client, worker, served):
    token = scheduler_v1.OidcToken(service_account_email=ACCOUNT)
    client.create_job(parent=LOCATION, job=job(worker.url, oidc_token=token))
    client.run_job(name=JOB)
    (got,) = worker.wait(1)
    claims = id_token.verify_token(
        got.headers["authorization"].removeprefix("Bearer "),
        Request(),
        audience=worker.url,
        certs_url=f"{served}/oauth2/v1/certs",
    )
    assert claims["email"] == ACCOUNT
    assert got.headers["x-cloudscheduler-jobname"] == "j"


@pytest.mark.parametrize("host", ["run.googleapis.com", "us-central1-run.googleapis.com"])
def test_a_job_of_cloud_run_is_started_in_this_very_cloud(client, served, cloud, host):
    jobs = run_v2.JobsClient(transport="rest", **access(served))
    container = run_v2.Container(image="noop", command=["true"])
    template = run_v2.ExecutionTemplate(template=run_v2.TaskTemplate(containers=[container]))
    jobs.create_job(parent=LOCATION, job_id="work", job=run_v2.Job(template=template)).result()
    account = scheduler_v1.OAuthToken(service_account_email=ACCOUNT)
    uri = f"https://{host}/v2/{LOCATION}/jobs/work:run"
    client.create_job(parent=LOCATION, job=job(uri, oauth_token=account, body=b"{}"))
    client.run_job(name=JOB)
    assert cloud.rest.ran.wait(30)
    executions = run_v2.ExecutionsClient(transport="rest", **access(served))
    assert len(list(executions.list_executions(parent=f"{LOCATION}/jobs/work"))) == 1
