"""What is wrong is answered by a problem; nothing is written, and nothing of ours is told."""

from __future__ import annotations

import json
import random
import socket

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.conftest import problem

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/", 404, None),
        ("GET", "/v1/runs/a/b", 404, None),
        ("GET", "/v1/runs/", 404, None),
        ("GET", "/v1/runs/a%2fb", 404, None),
        ("POST", "/v1/runs/a:stop", 404, None),
        ("DELETE", "/v1/runs", 405, "GET, POST"),
        ("GET", "/v1/runs/a:cancel", 405, "POST"),
        ("GET", "/internal/sweep", 405, "POST"),
        ("OPTIONS", "/v1/runs/a", 405, "GET"),
    ],
)
def test_what_is_not_there_is_told(shared, method, path, status, allow):
    answer = shared.http.request(method, path)
    problem(answer, status)
    assert answer.headers.get("allow") == allow


def test_head_is_get_without_a_body(shared):
    answer = shared.http.head("/healthz")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "application/jsonl"}, 415),
        ({"content-type": "application/json; charset=latin-1"}, 415),
        ({**JSON, "content-encoding": "gzip"}, 415),
        ({"content-type": "Application/JSON; charset=UTF-8"}, 201),
        ({"content-type": 'application/json; charset="utf-8"; x=y'}, 201),
    ],
)
def test_a_body_says_that_it_is_json(shared, headers, status):
    answer = shared.http.post("/v1/runs", content='{"job": "noop"}', headers=headers)
    assert answer.status_code == status, answer.text
    assert status == 201 or problem(answer, status)


BAD = [
    ("", 400, "JSON"),
    ("{", 400, "JSON"),
    ("[]", 400, "object"),
    ("null", 400, "object"),
    ('{"job": "noop", "params": {"a": NaN}}', 400, "NaN"),
    ('{"job": "noop", "delay": Infinity}', 400, "Infinity"),
    ('{"a":' * 10_000 + "1" + "}" * 10_000, 400, "deep"),
    (b'{"job": "\xff"}', 400, "UTF-8"),
    ("{}", 422, "job"),
    ('{"job": 1}', 422, "job"),
    ('{"job": "nobody"}', 422, "nobody"),
    ('{"job": "../../etc"}', 422, "etc"),
    ('{"job": "\\ud800"}', 422, "job"),
    ('{"job": "noop", "tenant": "\\ud800"}', 422, "tenant"),
    ('{"job": "noop", "tenant": "a\\u0000"}', 422, "tenant"),
    ('{"job": "noop", "colour": 1}', 422, "colour"),
    ('{"job": "noop", "params": []}', 422, "params"),
    ('{"job": "noop", "params": {"a": 1}}', 422, "noop takes no params"),
    ('{"job": "noop", "params": {"\\ud800": 1}}', 422, "noop takes no params"),
    ('{"job": "noop", "priority": "urgent"}', 422, "critical"),
    ('{"job": "noop", "priority": 1}', 422, "critical"),
    ('{"job": "noop", "delay": "soon"}', 422, "soon"),
    ('{"job": "noop", "delay": -1}', 422, "delay: it is at least 0 (given: -1)"),
    ('{"job": "noop", "delay": true}', 422, "delay"),
    ('{"job": "noop", "delay": 1e300}', 422, "delay"),
    ('{"job": "noop", "delay": "999999999d"}', 422, "delay: that is later than time"),
    ('{"job": "noop", "at": "tomorrow"}', 422, "at"),
    ('{"job": "noop", "at": "2999-01-01T00:00:00"}', 422, "at"),
    ('{"job": "noop", "at": 1}', 422, "at"),
    ('{"job": "noop", "at": "9999-12-31T23:59:59-23:59"}', 422, "at: that is later than time"),
    ('{"job": "noop", "at": "2999-01-01T00:00:00Z", "delay": 1}', 422, "either"),
    ('{"job": "noop", "then": {}}', 422, "then.job"),
    ('{"job": "noop", "then": {"job": "nobody"}}', 422, "nobody"),
    ('{"job": "video-generation"}', 422, "prompt"),
    ('{"job": "video-generation", "params": {"prompt": "a\\u0000b"}}', 422, "NUL"),
    ('{"job": "video-generation", "params": {"prompt": "\\ud800"}}', 422, "prompt"),
    ('{"job": "video-generation", "params": {"prompt": 1}}', 422, "prompt"),
]


@pytest.mark.parametrize(("body", "status", "word"), BAD)
def test_a_bad_body_is_told_in_a_sentence(shared, body, status, word):
    before = shared.client.runs.list()
    problem(shared.http.post("/v1/runs", content=body, headers=JSON), status, word)
    assert shared.client.runs.list() == before


def test_a_body_over_the_limit_is_refused_whatever_it_says_of_itself(served):
    large = b'{"job": "noop", "key": "' + b"x" * 3_000_000 + b'"}'
    problem(served.http.post("/v1/runs", content=large, headers=JSON), 413, "2,097,152")
    chunks = (large[at : at + 65_536] for at in range(0, len(large), 65_536))
    problem(served.http.post("/v1/runs", content=chunks, headers=JSON), 413, "2,097,152")
    assert served.http.get("/healthz").status_code == 200


def test_params_over_the_limit_are_refused(served):
    body = {"job": "video-generation", "params": {"prompt": "x", "title": "x" * 300_000}}
    answer = served.http.post("/v1/runs", json=body)
    assert answer.status_code in {413, 422}
    problem(answer, answer.status_code)
    assert served.client.runs.list() == []


def test_a_client_that_leaves_in_the_midst_of_its_body_does_no_harm(served):
    address = httpx.URL(served.url)
    for _ in range(20):
        with socket.create_connection((address.host, address.port)) as left:
            left.sendall(
                b"POST /v1/runs HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
    assert served.submit()["state"] == "starting"


def test_a_body_that_never_arrives_is_not_waited_for(served, monkeypatch):
    monkeypatch.setattr("common.web.bodies._PATIENCE", 0.1)
    address = httpx.URL(served.url)
    with socket.create_connection((address.host, address.port), timeout=20) as slow:
        slow.sendall(
            b"POST /v1/runs HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")


def test_what_fails_by_no_fault_of_the_request_says_nothing(served, monkeypatch, caplog):
    def fails(*_):
        raise ValueError("canary-in-an-error")

    monkeypatch.setattr(served.client.runs, "get", fails)
    answer = served.http.get("/v1/runs/a")
    problem(answer, 500)
    assert "canary" not in answer.text + caplog.text
    assert "ValueError" in str([record.fields for record in caplog.records])


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["job", "params", "tenant", "priority", "key", "at", "delay", "then"])


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(FIELDS | st.text(max_size=5), ANY_JSON), job=st.booleans())
def test_whatever_comes_is_answered_by_a_run_or_a_problem(served, body, job):
    body = {**body, "job": "noop"} if job else body
    answer = served.http.post("/v1/runs", content=json.dumps(body), headers=JSON)
    assert answer.status_code in {200, 201, 400, 422}, (body, answer.text)
    assert answer.json()


def test_whatever_bytes_come_are_answered_by_a_problem(served):
    rng = random.Random(4)  # noqa: S311 - it is to be the same each time
    good = b'{"job": "noop", "params": {}, "delay": "1h", "key": "k"}'
    for _ in range(500):
        cut = bytearray(good)
        for _ in range(rng.randrange(1, 5)):
            cut[rng.randrange(len(cut))] = rng.randrange(256)
        answer = served.http.post("/v1/runs", content=bytes(cut), headers=JSON)
        assert answer.status_code in {200, 201, 400, 422}, (cut, answer.text)
