"""Version 1 of Cloud Run's API over HTTP: regions by host, versions, pages, and what is refused."""

from __future__ import annotations

import sys

import httpx
import pytest

JOBS = "/apis/run.googleapis.com/v1/namespaces/version-1/jobs"
EXECUTIONS = JOBS.replace("/jobs", "/executions")


@pytest.fixture
def api(served):
    """A client that asks a region, or with none all of them."""

    def client(region: str = "us-central1") -> httpx.Client:
        host = f"{region}-run.googleapis.com" if region else "run.googleapis.com"
        return httpx.Client(base_url=served.url, headers={"Host": host})

    return client


def job(name: str, **container) -> dict:
    containers = [{"image": "runjobs", **container}]
    template = {"template": {"spec": {"containers": containers}}}
    return {"metadata": {"name": name}, "spec": {"template": {"spec": template}}}


def names(answer: httpx.Response) -> list[str]:
    return [each["metadata"]["name"] for each in answer.json()["items"]]


def test_the_host_says_the_region(api):
    with api("asia-east1") as asia, api("us-east1") as america, api("") as everywhere:
        for client in (asia, america):
            assert client.post(JOBS, json=job("twice")).status_code == 200
        assert asia.post(JOBS, json=job("twice")).status_code == 409
        assert names(asia.get(JOBS)) == ["twice"]
        found = everywhere.get(JOBS).json()["items"]
        regions = [
            each["metadata"]["labels"]["cloud.googleapis.com/location"]
            for each in found
            if each["metadata"]["name"] == "twice"
        ]
        assert sorted(regions) == ["asia-east1", "us-east1"]


def test_a_job_that_was_changed_meanwhile_is_not_replaced(api):
    with api() as client:
        made = client.post(JOBS, json=job("versions")).json()
        changed = client.put(f"{JOBS}/versions", json=made).json()
        assert changed["metadata"]["generation"] == changed["status"]["observedGeneration"] == 2
        assert changed["metadata"]["resourceVersion"] != made["metadata"]["resourceVersion"]
        stale = client.put(f"{JOBS}/versions", json=made)
        assert (stale.status_code, stale.json()["error"]["status"]) == (409, "ABORTED")
        assert client.put(f"{JOBS}/versions", json=job("versions")).status_code == 200


def test_executions_come_by_pages(api):
    exits = {"command": [sys.executable], "args": ["-c", "pass"]}
    chosen = {"labelSelector": "run.googleapis.com/job = paged", "limit": 2}
    with api() as client:
        client.post(JOBS, json=job("paged", **exits))
        started = [client.post(f"{JOBS}/paged:run", json={}).json() for _ in range(3)]
        first = client.get(EXECUTIONS, params=chosen)
        token = first.json()["metadata"]["continue"]
        second = client.get(EXECUTIONS, params={**chosen, "continue": token})
        assert "continue" not in second.json()["metadata"]
        newest_first = [each["metadata"]["name"] for each in reversed(started)]
        assert names(first) + names(second) == newest_first
        other = {"labelSelector": "run.googleapis.com/job = other"}
        assert names(client.get(EXECUTIONS, params=other)) == []


@pytest.mark.parametrize(
    ("asked", "body", "status", "culprit"),
    [
        (f"GET {JOBS}/none", None, 404, "none"),
        (f"DELETE {JOBS}/none", None, 404, "none"),
        (f"PUT {JOBS}/none", job("none"), 404, "none"),
        (f"POST {JOBS}/none:run", {}, 404, "none"),
        (f"GET {EXECUTIONS}/none-abcde", None, 404, "none-abcde"),
        (f"GET {EXECUTIONS}/odd", None, 404, "odd"),
        (f"POST {EXECUTIONS}/none-abcde:cancel", {}, 404, "none-abcde"),
        (f"GET {JOBS.replace('/jobs', '/tasks')}/none-abcde-task0", None, 404, "none"),
        (f"POST {JOBS}", {"spec": {}}, 400, "metadata.name"),
        (f"POST {JOBS}", job("Upper"), 400, "Upper"),
        (f"GET {EXECUTIONS}?labelSelector=a%20b", None, 400, "labelSelector"),
        (f"GET {EXECUTIONS}?continue=x", None, 400, "pageToken"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(api, asked, body, status, culprit):
    with api() as client:
        answer = client.request(*asked.split(" ", 1), json=body)
    assert answer.status_code == status
    assert culprit in answer.json()["error"]["message"]
