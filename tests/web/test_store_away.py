"""While the documents store is away, requests are to come again; nothing of it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults import Faulty
from tests.web.conftest import problem, serving


@pytest.fixture
def away(laptop):
    """A dispatcher whose store can be taken away."""
    with serving(laptop) as served:
        client = served.client
        faulty = Faulty(client.documents, patience=0.05)
        for made in (client.runs, client.queues, client.dispatcher.wakeups):
            made.documents = faulty
        client.documents = faulty
        yield served, faulty


def test_each_request_is_told_to_come_again(away, caplog):
    served, faulty = away
    id = served.submit(delay="1h")["id"]
    asked = [
        ("GET", f"/v1/runs/{id}", None),
        ("GET", "/v1/runs", None),
        ("GET", "/stats", None),
        ("POST", f"/v1/runs/{id}:cancel", None),
        ("POST", "/internal/sweep", None),
        ("POST", "/v1/runs", {"job": "noop"}),
        ("POST", "/v1/runs:batch", {"job": "noop", "params": [{}]}),
    ]
    for method, path, body in asked:
        faulty.faults.extend(["unavailable"] * 10_000)
        answer = served.http.request(method, path, json=body)
        faulty.faults.clear()
        problem(answer, 503, "try again")
        assert answer.headers["retry-after"] == "5"
        assert "sqlite" not in answer.text
        assert "on command" not in answer.text
    assert "unavailable, on command" in caplog.text
    assert served.http.get(f"/v1/runs/{id}").json()["state"] == "pending"


def test_health_does_not_ask_the_store(away):
    served, faulty = away
    faulty.calls.clear()
    assert served.http.get("/healthz").status_code == 200
    assert faulty.calls == []


def test_a_store_that_can_never_be_had_is_the_dispatchers_fault(laptop, tmp_path, caplog):
    (tmp_path / "corrupt").write_bytes(b"this is no database, however long " * 100)
    corrupt = replace(laptop, documents=f"sqlite:///{tmp_path}/corrupt")
    with serving(corrupt) as served:
        answer = served.http.get("/v1/runs")
        problem(answer, 500, "log says why")
        assert "corrupt" not in answer.text
        assert "corrupt" in caplog.text
