"""One port for the dispatcher and the local cloud; the checks hold for both."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from common.web.serving import on_laptop
from tests.dispatch.stub import Stub
from tests.web.conftest import StillClient, problem

JOBS = "/v2/projects/p/locations/us-central1/jobs"


@pytest.fixture
def laptop_url(laptop) -> Iterator[str]:
    with (
        StillClient(laptop, Stub()) as client,
        on_laptop(client, host="127.0.0.1", port=0) as (url, cloud),
    ):
        assert cloud.url == url
        yield url


@pytest.fixture
def http(laptop_url) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=laptop_url, timeout=30) as it:
        yield it


@pytest.fixture
def proxied(laptop_url) -> Iterator[httpx.Client]:
    """As gcloud comes: we are its proxy."""
    with httpx.Client(proxy=laptop_url, timeout=30) as it:
        yield it


def test_both_are_at_one_port(http):
    assert http.get("/healthz").json() == {"status": "ok"}
    assert http.get("/v1/runs").json()["runs"] == []
    assert http.get(JOBS).status_code == 200
    assert http.get("/oauth2/v1/certs").status_code == 200
    problem(http.get("/nowhere"), 404)


def test_googles_hosts_are_answered_through_a_proxy_by_the_cloud_alone(proxied):
    assert proxied.get(f"http://us-central1-run.googleapis.com{JOBS}").status_code == 200
    for path in ("/v1/runs", "/healthz", "/nowhere"):
        answer = proxied.get(f"http://run.googleapis.com{path}")
        assert answer.status_code == 404
        assert answer.json()["error"]["status"] == "NOT_FOUND"


@pytest.mark.parametrize("path", [JOBS, "/v1/runs", "/healthz"])
def test_no_other_host_is_answered_through_a_proxy(proxied, path):
    for host in ("evil.example", "googleapis.com.evil.example", "evilgoogleapis.com", "10.0.0.1"):
        assert proxied.get(f"http://{host}{path}").status_code == 403


def test_the_dispatcher_answers_through_a_proxy_by_its_own_name(proxied, laptop_url):
    assert proxied.get(f"{laptop_url}/healthz").status_code == 200
    assert proxied.get(f"{laptop_url}/v1/runs?limit=1").json() == {"runs": [], "next": None}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "run.googleapis.com", "Origin": "https://evil.example"},
        {"Host": "run.googleapis.com", "Origin": "http://run.googleapis.com"},
    ],
)
def test_pages_of_other_places_do_not_reach_the_cloud_either(http, headers):
    answer = http.post(f"{JOBS}?jobId=j", json={}, headers=headers)
    assert answer.json()["error"]["status"] == "PERMISSION_DENIED"
    assert http.get(JOBS).json().get("jobs", []) == []
