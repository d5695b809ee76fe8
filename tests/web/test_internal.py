"""What the platform calls by itself, however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from common.dispatch.wakeups.base import Wakeup
from common.dispatch.wakeups.target import PATH, Target
from common.runs import Run
from tests.web.conftest import problem

QUEUE = "maintenance-tasks"


def pending(served, id: str = "r1") -> None:
    """A run of which nobody was told."""
    now = served.client.documents.now()
    run = Run(id=id, job="noop", queue=QUEUE, params="{}", created=now, due=now)
    served.client.runs.submit(run)


def wake(served, **said):
    return served.http.post(PATH, json={"kind": "queue", "name": QUEUE, **said})


def test_a_wakeup_has_its_queue_looked_at(anywhere):
    pending(anywhere)
    assert wake(anywhere).json() == {"started": 1}
    assert wake(anywhere).json() == {"started": 0}
    assert len(anywhere.stub.launches) == 1


def test_fifty_wakeups_at_once_start_a_run_once(served):
    pending(served)
    with ThreadPoolExecutor(50) as threads:
        answers = [*threads.map(lambda _: wake(served), range(50))]
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["started"] for answer in answers) == 1
    assert len(served.stub.launches) == 1


def test_what_cloud_tasks_sends_is_what_is_understood(served):
    pending(served)
    wakeup = Wakeup(kind="queue", name=QUEUE, at=served.client.documents.now())
    request = Target(served.url, "").task(wakeup, "").http_request
    answer = served.http.post(request.url, content=request.body, headers=dict(request.headers))
    assert (answer.status_code, answer.json()) == (200, {"started": 1})


@pytest.mark.parametrize("path", [PATH, "/internal/sweep"])
def test_a_sweep_finds_what_was_left_undone(anywhere, path):
    pending(anywhere)
    body = {"kind": "sweep", "name": ""} if path == PATH else None
    answer = anywhere.http.post(path, json=body)
    assert answer.status_code == 200
    assert (answer.json()["started"], answer.json()["skipped"]) == (1, False)
    assert answer.json()["next"].endswith("Z")
    assert anywhere.http.post(path, json=body).json()["started"] == 0


def test_who_sweeps_while_another_does_leaves_it_to_that_one(served):
    until = served.client.documents.now() + timedelta(days=1)
    served.client.documents.update("leases", "sweep", lambda _: {"holder": "x", "until": until})
    assert served.http.post("/internal/sweep").json()["skipped"] is True


def test_what_was_done_is_logged(served, caplog):
    caplog.set_level("INFO", "runjobs")
    wake(served)
    assert caplog.messages == []
    pending(served)
    wake(served)
    assert caplog.messages == [f"Started 1 run of {QUEUE}."]


@pytest.mark.parametrize("said", [{"kind": "other"}, {"name": 1}, {"more": 1}, {"name": "x" * 201}])
def test_what_is_no_wakeup_is_refused(served, said):
    problem(wake(served, **said), 422)


def test_a_queue_of_which_nobody_has_heard_has_nothing_to_start(served):
    assert wake(served, name="nobody's").json() == {"started": 0}
