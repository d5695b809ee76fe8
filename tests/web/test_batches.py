"""Batches over HTTP: as one JSON body, and as a line for each run."""

from __future__ import annotations

import json

import pytest

from common.dispatch.executors import StartRefused
from tests.web.conftest import problem, serving

LINES = {"content-type": "application/jsonl"}


def states(served, batch: str) -> dict:
    found = served.http.get(f"/v1/batches/{batch}").json()["counts"]
    return {state: count for state, count in found.items() if count}


def test_a_batch_is_made_of_one_body(anywhere):
    body = {"job": "noop", "params": [{}] * 3, "delay": "1h", "tenant": "acme"}
    answer = anywhere.http.post("/v1/runs:batch", json=body)
    batch = answer.json()["batch"]
    assert (answer.status_code, answer.json()) == (201, {"batch": batch, "runs": 3, "job": "noop"})
    told = anywhere.http.get(answer.headers["location"]).json()
    assert (told["runs"], told["tenant"], told["sealed"]) == (3, "acme", True)
    listed = anywhere.http.get("/v1/runs", params={"batch": batch}).json()["runs"]
    assert {run["batch"] for run in listed} == {batch}
    assert states(anywhere, batch) == {"pending": 3}


def test_a_batch_is_made_of_lines(served):
    lines = "\n".join(json.dumps({"prompt": f"fox {n}"}) for n in range(3)) + "\n\n"
    query = {"job": "video-generation", "priority": "low", "delay": "1h"}
    answer = served.http.post("/v1/runs:batch", params=query, content=lines, headers=LINES)
    assert answer.status_code == 201, answer.text
    listed = served.client.runs.list({"batch": answer.json()["batch"]})
    assert sorted(json.loads(run.params)["prompt"] for run in listed) == ["fox 0", "fox 1", "fox 2"]
    assert {run.priority.name for run in listed} == {"LOW"}


@pytest.mark.parametrize("lines", [True, False])
def test_the_same_key_gives_the_same_batch(served, lines):
    key = {"Idempotency-Key": "k"}
    if lines:
        send = {"content": "{}\n{}", "params": {"job": "noop"}, "headers": {**LINES, **key}}
    else:
        send = {"json": {"job": "noop", "params": [{}, {}]}, "headers": key}
    first, second = (served.http.post("/v1/runs:batch", **send) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(served.client.runs.list()) == 2


def test_a_key_with_another_batch_is_refused(served):
    body = {"job": "noop", "params": [{}, {}], "key": "k"}
    assert served.http.post("/v1/runs:batch", json=body).status_code == 201
    answer = served.http.post("/v1/runs:batch", json={**body, "params": [{}]})
    problem(answer, 422, "other runs")
    assert len(served.client.runs.list()) == 2


def test_one_wrong_line_keeps_all_from_being_written(served):
    content = '{"prompt": "x"}\n{"prompt": 1}\n{'
    query = {"job": "video-generation"}
    answer = served.http.post("/v1/runs:batch", params=query, content=content, headers=LINES)
    problem(answer, 422, "line 2", "line 3", "Nothing was accepted")
    body = {"job": "video-generation", "params": [{"prompt": "x"}, {}]}
    problem(served.http.post("/v1/runs:batch", json=body), 422, "line 2", "prompt")
    assert served.client.runs.list() == []


@pytest.mark.parametrize(
    ("query", "content", "status"),
    [
        ({}, "{}", 422),
        ({"job": "nobody"}, "{}", 422),
        ({"job": "noop"}, "", 422),
        ({"job": "noop", "key": "in-the-query"}, "{}", 422),
        ({"job": "noop"}, "[1]", 422),
        ({"job": "noop"}, '{"a": NaN}', 422),
        ({"job": "noop"}, b"\xff", 422),
        ({"job": "noop"}, '{"a":' * 10_000, 422),
    ],
)
def test_lines_that_are_none_are_refused(served, query, content, status):
    answer = served.http.post("/v1/runs:batch", params=query, content=content, headers=LINES)
    problem(answer, status)
    assert served.client.runs.list() == []


def test_a_batch_that_cannot_be_started_is_accepted(laptop):
    with serving(laptop, StartRefused("Not now.", retryable=True)) as served:
        answer = served.http.post("/v1/runs:batch", json={"job": "noop", "params": [{}, {}]})
        assert (answer.status_code, answer.json()["runs"]) == (202, 2)
        assert "stays pending" in answer.json()["warning"]
        assert states(served, answer.json()["batch"]) == {"pending": 2}


def test_a_batch_is_cancelled_and_continued(served):
    body = {"job": "noop", "params": [{}, {}], "delay": "1h", "then": {"job": "noop"}}
    batch = served.http.post("/v1/runs:batch", json=body).json()["batch"]
    told = served.http.post(f"/v1/batches/{batch}:cancel").json()
    assert (told["asked"], told["counts"]["cancelled"]) == (2, 2)
    followed = served.http.get(f"/v1/runs/{told['next']}").json()
    assert (followed["job"], followed["parent"]) == ("noop", batch)
