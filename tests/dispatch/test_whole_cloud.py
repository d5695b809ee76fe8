"""The whole way as in the cloud: its dispatcher is called by Cloud Tasks and starts executions on
Cloud Run, whose tasks ask for what comes after them. Nothing else stands by."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from common.dispatch import Client
from common.runs import Outcome, State
from common.settings import Settings
from common.web.serving import in_cloud
from tests.dispatch.puppets import Puppets, stage
from tests.dispatch.worker import HASTY
from tests.services.local_cloud import Platform, serving_home
from tests.services.process import free_port

ACCOUNT = "tasks@test.iam.gserviceaccount.com"


@pytest.fixture
def puppets() -> Iterator[Puppets]:
    with stage() as puppets:
        yield puppets


@pytest.fixture
def platform(tmp_path) -> Iterator[Platform]:
    with serving_home(tmp_path / "cloud") as platform:
        platform.make_queue()
        yield platform


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def deployed(tmp_path, platform, puppets, port, monkeypatch) -> Settings:
    """Settings in which a job is deployed whose noops are puppets."""
    monkeypatch.setenv("RUNJOBS_CLOUD_ENDPOINT", platform.url)
    where = {
        "RUNJOBS_HOME": str(tmp_path / "home"),
        "RUNJOBS_EXECUTOR": "cloud-run",
        "RUNJOBS_WAKEUPS": "cloud-tasks",
        "RUNJOBS_WAKEUP_ACCOUNT": ACCOUNT,
        "RUNJOBS_DISPATCHER_URL": f"http://127.0.0.1:{port}",
        "RUNJOBS_OIDC_CERTS": f"{platform.url}/oauth2/v1/certs",
        "GOOGLE_CLOUD_PROJECT": "test",
    }
    settings = Settings.load(where)
    stores = {"RUNJOBS_DOCUMENTS": settings.documents, "RUNJOBS_BLOBS": settings.blobs}
    platform.deploy("noop", [*puppets.worker, "look"], **where, **stores)
    return settings


@pytest.fixture
def client(deployed) -> Iterator[Client]:
    """Of somebody who submits."""
    with Client(deployed) as client:
        yield client


@contextmanager
def dispatching(deployed: Settings, port: int) -> Iterator[None]:
    with Client(deployed) as client, in_cloud(client, host="127.0.0.1", port=port):
        yield


@pytest.fixture
def dispatcher(deployed, port) -> Iterator[None]:
    with dispatching(deployed, port):
        yield


def soon(client: Client) -> datetime:
    return client.documents.now() + timedelta(seconds=1)


@pytest.mark.usefixtures("dispatcher")
def test_a_delayed_run_is_started_by_a_wakeup_and_its_retry_by_another(client, platform, puppets):
    id = client.submit("noop", due=soon(client)).id
    assert platform.executions("noop") == []
    puppets.next().end(HASTY)
    puppets.next().end(0)
    run = client.wait(id)
    assert run.state is State.SUCCEEDED
    assert [it.outcome for it in run.attempts] == [Outcome.FAILED, Outcome.SUCCEEDED]
    assert len({it.worker.name for it in run.attempts}) == 2


@pytest.mark.usefixtures("dispatcher")
@pytest.mark.parametrize("fault", ["lost", 429])
def test_a_start_is_made_again_unless_it_may_have_been_done(client, platform, puppets, fault):
    platform.faults.at[":run"] = fault
    platform.faults.headers = {"Retry-After": "1"}
    id = client.submit("noop").id
    puppets.next().end(0)
    assert client.wait(id).state is State.SUCCEEDED
    assert len(platform.executions("noop")) == 1
    assert platform.faults.at == {}


@pytest.mark.usefixtures("dispatcher")
@pytest.mark.parametrize("fault", ["lost", "dropped", 503])
def test_a_wakeup_that_was_asked_for_in_vain_is_asked_for_again(client, platform, puppets, fault):
    platform.faults.at["/tasks"] = fault
    id = client.submit("noop", due=soon(client)).id
    puppets.next().end(0)
    assert client.wait(id).state is State.SUCCEEDED
    assert len(platform.executions("noop")) == 1
    assert platform.faults.at == {}


def test_a_dispatcher_that_was_away_is_called_again(client, puppets, deployed, port):
    id = client.submit("noop", due=soon(client)).id
    with socket.create_server(("127.0.0.1", port)) as away:
        away.settimeout(20)
        away.accept()[0].close()
    with dispatching(deployed, port):
        puppets.next().end(0)
        assert client.wait(id).state is State.SUCCEEDED
