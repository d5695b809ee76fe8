"""Runs over HTTP: submitted, found, listed, cancelled, replayed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from common.dispatch.executors import StartRefused
from common.dispatch.report.runs import brief, whole
from common.runs import Run
from tests.web.conftest import problem, serving


def test_a_run_is_made_started_and_found_where_the_answer_says(anywhere):
    answer = anywhere.http.post("/v1/runs", json={"job": "noop"})
    run = answer.json()
    assert (answer.status_code, run["state"], run["params"]) == (201, "starting", {})
    assert [launch.job for launch in anywhere.stub.launches] == ["noop"]
    assert answer.headers["location"] == f"/v1/runs/{run['id']}"
    assert anywhere.http.get(answer.headers["location"]).json() == run


def test_a_run_is_told_as_the_command_line_tells_it(served):
    said = {"prompt": "a fox", "duration": 2}
    run = served.submit("video-generation", params=said, tenant="acme", priority="high", key="k")
    found = served.client.runs.get(run["id"])
    assert run == whole(found)
    assert run["params"]["prompt"] == "a fox"
    assert (run["tenant"], run["priority"], run["key"]) == ("acme", "high", "k")
    assert served.http.get("/v1/runs").json() == {"runs": [brief(found)], "next": None}


@pytest.mark.parametrize(
    ("delay", "seconds"), [("10m", 600), ("1h30m", 5400), (90, 90), (0.5, 0.5), ("1.5s", 1.5)]
)
def test_a_delay_is_a_span_or_seconds(served, delay, seconds):
    before = served.client.documents.now()
    run = served.submit(delay=delay)
    due = datetime.fromisoformat(run["due"])
    assert timedelta(0) <= due - before - timedelta(seconds=seconds) < timedelta(seconds=10)
    assert (run["state"], served.stub.launches) == ("pending", [])


def test_a_time_has_its_offset(served):
    assert served.submit(at="2999-12-24T18:00:00+02:00")["due"] == "2999-12-24T16:00:00Z"


def test_the_same_key_gives_the_same_run_and_says_that_it_is_not_new(anywhere):
    send = {"json": {"job": "noop", "delay": "1h"}, "headers": {"Idempotency-Key": '"k 1"'}}
    first, second = (anywhere.http.post("/v1/runs", **send) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["key"] == "k 1"
    other = anywhere.http.post("/v1/runs", json={"job": "noop", "key": "k 1", "tenant": "t"})
    assert other.json()["id"] != first.json()["id"]


@pytest.mark.parametrize(("path", "params"), [("/v1/runs", {}), ("/v1/runs:batch", [{}])])
def test_an_empty_key_is_refused(served, path, params):
    """It would stand for the work of all who forgot theirs."""
    body = {"job": "noop", "params": params, "key": ""}
    problem(served.http.post(path, json=body), 422, "key")
    assert served.client.runs.list() == []


def test_a_key_with_other_params_is_refused(served):
    served.submit("video-generation", params={"prompt": "one"}, key="k", delay="1h")
    body = {"job": "video-generation", "params": {"prompt": "two"}, "key": "k"}
    found = problem(served.http.post("/v1/runs", json=body), 422, "key")
    assert found["type"] == "urn:runjobs:problem:key-reused"


def test_fifty_at_once_with_one_key_make_one_run(served):
    send = {"json": {"job": "noop", "key": "k", "delay": "1h"}}
    with ThreadPoolExecutor(50) as threads:
        answers = [*threads.map(lambda _: served.http.post("/v1/runs", **send), range(50))]
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(served.http.get("/v1/runs").json()["runs"]) == 1


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("Idempotency-Key", "a")], {"key": "b"}),
        ([("Idempotency-Key", "a"), ("Idempotency-Key", "a")], {}),
        ([("Idempotency-Key", "")], {}),
        ([("Idempotency-Key", '"a"b"')], {}),
        ([("Idempotency-Key", "x" * 201)], {}),
        ([], {"key": "x" * 201}),
        ([], {"key": "a\nb"}),
    ],
)
def test_a_key_that_is_none_is_refused(served, headers, body):
    answer = served.http.post("/v1/runs", json={"job": "noop", **body}, headers=headers)
    assert answer.status_code in {400, 422}
    problem(answer, answer.status_code, "key" if headers == [] else "Idempotency-Key")
    assert served.http.get("/v1/runs").json()["runs"] == []


def test_what_follows_is_kept_with_the_run(served):
    then = {"job": "noop", "then": {"job": "noop"}}
    run = served.submit(then=then, delay="1h")
    assert run["then"] == "noop"
    assert served.client.runs.get(run["id"]).then.then.job == "noop"


@pytest.mark.parametrize("retryable", [True, False])
def test_what_cannot_be_started_is_accepted_and_says_so(laptop, retryable, caplog):
    refused = StartRefused("The secret place refuses.", retryable=retryable)
    with serving(laptop, refused) as served:
        answer = served.http.post("/v1/runs", json={"job": "noop"})
        run = answer.json()
        assert (answer.status_code, run["state"]) == (202, "pending")
        assert "stays pending" in run.pop("warning")
        assert "secret" not in answer.text
        assert "The secret place refuses." in caplog.text
        assert served.http.get(f"/v1/runs/{run['id']}").json()["state"] == "pending"


@pytest.mark.parametrize("depth", [150, 500, 960, 50_000])
def test_a_run_is_told_however_deep_its_params_are_nested(served, depth):
    """Another program may have submitted them; neither it nor the lists that it is in are lost."""
    text = '{"a":' * depth + "1" + "}" * depth
    now = served.client.documents.now()
    run = Run(id="deep", job="noop", queue="q", params=text, result=text, created=now, due=now)
    served.client.runs.submit(run)
    told = served.http.get("/v1/runs/deep").json()
    assert told["params"] == told["result"]
    assert told["params"] == (json.loads(text) if depth == 150 else text)
    assert [each["id"] for each in served.http.get("/v1/runs").json()["runs"]] == ["deep"]


# --- lists


def test_pages_hold_every_run_once_newest_first(anywhere):
    ids = [anywhere.submit(delay="1h")["id"] for _ in range(5)]
    found, page = [], {}
    while page is not None:
        answer = anywhere.http.get("/v1/runs", params={"limit": 2, **page}).json()
        found += [run["id"] for run in answer["runs"]]
        page = {"page": answer["next"]} if answer["next"] else None
    assert found == ids[::-1]


def test_a_list_is_of_those_with_all_values(anywhere):
    ours = anywhere.submit(tenant="acme", delay="1h")
    anywhere.submit(tenant="other", delay="1h")
    anywhere.submit(tenant="acme")

    def found(**where):
        return [run["id"] for run in anywhere.http.get("/v1/runs", params=where).json()["runs"]]

    assert found(tenant="acme", state="pending", job="noop") == [ours["id"]]
    assert len(found(tenant="acme")) == 2
    assert found(job="other") == found(batch="none") == []


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("state=lost", "state"),
        ("colour=red", "colour"),
        ("job=a&job=b", "once"),
        ("page=x", "page"),
        ("page=%00", "page"),
        ("page=bm9uZQ==", "page"),
        ("page=MjAyNi0wMS0wMVQwMDowMDowMCswMDowMCBhL2I=", "page"),
        ("tenant=%00", "tenant"),
    ],
)
def test_a_query_that_cannot_be_is_refused(served, query, word):
    problem(served.http.get(f"/v1/runs?{query}"), 422, word)


# --- changes


def test_a_run_that_has_not_begun_is_cancelled_at_once(anywhere):
    run = anywhere.submit(delay="1h")
    answer = anywhere.http.post(f"/v1/runs/{run['id']}:cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    again = anywhere.http.post(f"/v1/runs/{run['id']}:cancel")
    assert (again.status_code, again.json()) == (200, answer.json())


def test_a_run_at_work_is_asked_to_stop(served):
    run = served.submit()
    served.client.runs.claim(run["id"], served.stub.worker())
    told = served.http.post(f"/v1/runs/{run['id']}:cancel").json()
    assert told["state"] == "running"
    assert told["cancel_requested"]


def test_a_failed_run_is_replayed_and_started(anywhere):
    run = anywhere.submit()
    anywhere.fail(run["id"])
    answer = anywhere.http.post(f"/v1/runs/{run['id']}:replay")
    assert (answer.status_code, answer.json()["state"]) == (200, "starting")
    assert len(anywhere.stub.launches) == 2


def test_a_replay_that_cannot_be_started_says_so(laptop):
    refused = StartRefused("Not now.", retryable=True)
    with serving(laptop, None, refused) as served:
        run = served.submit()
        served.fail(run["id"])
        answer = served.http.post(f"/v1/runs/{run['id']}:replay")
        assert (answer.status_code, answer.json()["state"]) == (202, "pending")


def test_only_a_failed_run_is_replayed(served):
    run = served.submit(delay="1h")
    problem(served.http.post(f"/v1/runs/{run['id']}:replay"), 409, "only a failed one")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/runs/none"),
        ("POST", "/v1/runs/none:cancel"),
        ("POST", "/v1/runs/none:replay"),
        ("GET", "/v1/batches/none"),
        ("POST", "/v1/batches/none:cancel"),
    ],
)
def test_what_is_not_there_is_not_found(served, method, path):
    problem(served.http.request(method, path), 404, "none")
