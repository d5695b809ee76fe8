"""The whole way as in production: a service of its own, called by Cloud Tasks with Google's tokens,
that starts Cloud Run jobs. Cloud Run and Cloud Tasks are the local cloud's."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import httpx
import pytest

from common.localcloud.tokens import Tokens
from tests.cli.test_serve import ended, serving
from tests.services.local_cloud import Platform, serving_home
from tests.services.process import free_port

USER = "user@test.iam.gserviceaccount.com"
WAKEUPS = "wakeups@test.iam.gserviceaccount.com"
NEEDED = ("RUNJOBS_", "GOOGLE_", "FIRESTORE_")
"""Variables of a container."""


@pytest.fixture
def platform(tmp_path) -> Iterator[Platform]:
    with serving_home(tmp_path / "google") as it:
        it.make_queue()
        yield it


@pytest.fixture
def service(platform, environment, firestore_url, firestore_host) -> dict[str, str]:
    """The variables of the dispatcher's service, and of the jobs' containers."""
    port = free_port()
    return {
        **environment,
        "GOOGLE_CLOUD_PROJECT": "test",
        "RUNJOBS_DOCUMENTS": firestore_url,
        "FIRESTORE_EMULATOR_HOST": firestore_host,
        "RUNJOBS_RUN_ENDPOINT": platform.url,
        "RUNJOBS_TASKS_ENDPOINT": platform.url,
        "RUNJOBS_SCHEDULER_ENDPOINT": platform.url,
        "RUNJOBS_DISPATCHER_URL": f"http://127.0.0.1:{port}",
        "RUNJOBS_WAKEUP_ACCOUNT": WAKEUPS,
        "RUNJOBS_API_ACCOUNTS": USER,
        "RUNJOBS_OIDC_CERTS": f"{platform.url}/oauth2/v1/certs",
        "PORT": str(port),
    }


def test_a_delayed_run_is_woken_started_and_ended(platform, service, tmp_path):
    said = {name: value for name, value in service.items() if name.startswith(NEEDED)}
    platform.deploy("noop", [sys.executable, "-m", "jobs", "noop"], **said)
    token = Tokens(platform.store).identity(USER, service["RUNJOBS_DISPATCHER_URL"])
    with serving({**service, "K_SERVICE": "dispatcher"}, tmp_path, "--host", "127.0.0.1") as it:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=it.url, headers=headers, timeout=60) as http:
            made = http.post("/v1/runs", json={"job": "noop", "delay": "1s"})
            assert (made.status_code, made.json()["state"]) == (201, "pending"), made.text
            run = until_ended(http, made.headers["location"])
            at_once = http.post("/v1/runs", json={"job": "noop"})
            second = until_ended(http, at_once.headers["location"])
        code, log, _ = ended(it)
    assert (run["state"], second["state"]) == ("succeeded", "succeeded")
    assert [attempt["outcome"] for attempt in run["attempts"]] == ["succeeded"]
    assert len(platform.executions("noop")) in {1, 2}  # the first task may drain the second
    assert code == 0
    assert "Started 1 run of maintenance-tasks." in log
    assert "unauthenticated" not in log


def until_ended(http: httpx.Client, path: str) -> dict:
    """The run, as soon as it has ended."""
    for _ in range(2_000):
        run = http.get(path).json()
        if run["ended"]:
            return run
    raise AssertionError(run)
