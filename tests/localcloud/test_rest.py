"""HTTP as Google's APIs speak it, over a real connection."""

from __future__ import annotations

import httpx
import pytest

from common.listening import listening
from common.localcloud.errors import ApiError
from common.localcloud.rest import Rest
from common.localcloud.rpc import Call, Rpc

JOB = "projects/p/locations/r/jobs/j"


def told(call: Call) -> dict:
    return {"fields": call.fields, "host": call.host}


def refused(call: Call) -> dict:
    raise ApiError("FAILED_PRECONDITION", "Not now.", details=[{"reason": call.text("name")}])


RPCS = [
    Rpc(verb="GET", path="/v2/{name=projects/*/locations/*/jobs/*}", answer=told),
    Rpc(verb="POST", path="/v2/{parent=projects/*/locations/*}/jobs", answer=told, body="job"),
    Rpc(verb="PATCH", path="/v2/{job.name=projects/*/locations/*/jobs/*}", answer=told, body="job"),
    Rpc(verb="POST", path="/v2/{name=projects/*/locations/*/jobs/*}:run", answer=told, body="*"),
    Rpc(verb="DELETE", path="/v2/{name=projects/*/locations/*/jobs/*}", answer=refused),
]


@pytest.fixture(scope="module")
def client():
    with (
        listening(Rest(RPCS)) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}") as it,
    ):
        yield it


def test_path_and_query_are_fields(client):
    answer = client.get(f"/v2/{JOB}?alt=json&a.b=1&c=1&c=2")
    assert answer.json()["fields"] == {"name": JOB, "a": {"b": "1"}, "c": ["1", "2"]}


def test_a_path_ends_where_its_verb_begins(client):
    assert client.post(f"/v2/{JOB}:run", json={"etag": "e"}).json()["fields"] == {
        "name": JOB,
        "etag": "e",
    }
    assert client.post(f"/v2/{JOB}:stop").status_code == 404


def test_a_body_is_the_field_it_is_said_to_be(client):
    answer = client.post("/v2/projects/p/locations/r/jobs?jobId=j", json={"name": "x"})
    assert answer.json()["fields"] == {
        "parent": "projects/p/locations/r",
        "jobId": "j",
        "job": {"name": "x"},
    }


def test_what_the_path_says_counts(client):
    answer = client.patch(f"/v2/{JOB}", json={"name": "other", "labels": {"a": "b"}})
    assert answer.json()["fields"] == {"job": {"name": JOB, "labels": {"a": "b"}}}


def test_through_a_proxy_the_host_is_that_of_the_url(client):
    with httpx.Client(proxy=str(client.base_url)) as proxied:
        answer = proxied.get(f"http://us-central1-run.googleapis.com/v2/{JOB}")
    assert answer.json() == {"fields": {"name": JOB}, "host": "us-central1-run.googleapis.com"}


@pytest.mark.parametrize("body", ["{", "[1]", "[" * 100_000, r'{"a": "\ud800"}'])
def test_a_body_that_is_no_object_is_refused(client, body):
    answer = client.post(f"/v2/{JOB}:run", content=body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_an_error_has_its_number_its_name_and_its_details(client):
    answer = client.delete(f"/v2/{JOB}")
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": 400,
        "message": "Not now.",
        "status": "FAILED_PRECONDITION",
        "details": [{"reason": JOB}],
    }


def test_what_nothing_answers_is_not_found(client):
    assert client.get("/v2/elsewhere").status_code == 404


def test_a_character_of_two_halves_is_one(client):
    answer = client.post(f"/v2/{JOB}:run", content=r'{"a": "\ud83d\ude00"}')
    assert answer.json()["fields"]["a"] == "\U0001f600"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "evilgoogleapis.com"},
        {"Host": "[::ffff:10.0.0.1]"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "localhost:1", "Origin": "http://localhost:2"},
        {"Host": "run.googleapis.com", "Origin": "http://run.googleapis.com"},
    ],
)
def test_a_page_of_another_place_is_not_answered(client, headers):
    """A browser asks without leave what looks like a form."""
    asked = {"Content-Type": "text/plain", **headers}
    answer = client.post(f"/v2/{JOB}:run", content="{}", headers=asked)
    assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "[::1]:80", "run.googleapis.com"])
def test_who_is_on_this_machine_is_answered(client, host):
    assert client.get(f"/v2/{JOB}", headers={"Host": host}).status_code == 200


def test_a_proxy_is_asked_for_googles_hosts_only(client):
    with httpx.Client(proxy=str(client.base_url)) as proxied:
        assert proxied.get(f"http://evil.example/v2/{JOB}").status_code == 403
