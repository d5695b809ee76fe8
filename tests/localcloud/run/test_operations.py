"""Long-running operations, which Google's clients wait for."""

from __future__ import annotations

import threading
from datetime import timedelta

import httpx
import pytest
from google.api_core import exceptions
from google.longrunning import operations_pb2

from common.localcloud.run import Operations
from common.localcloud.store import Store
from tests.localcloud.run.conftest import LOCATION
from tests.time import FakeTime

JOB = f"{LOCATION}/jobs/j"


def test_what_takes_no_time_is_done_at_once(served):
    served.make("j", {"command": ["true"]})
    (operation,) = served.jobs.list_operations({"name": LOCATION}).operations
    assert operation.done
    assert operation.response.type_url == "type.googleapis.com/google.cloud.run.v2.Job"
    assert operation.metadata == operation.response


def test_who_waits_for_an_execution_is_answered_when_it_has_ended(served, puppet, puppets):
    served.make("j", puppet)
    started = served.jobs.run_job(name=JOB)
    task = puppets.next()
    name = started.operation.name
    answered = []

    def wait():
        answered.append(httpx.post(f"{served.url}/v2/{name}:wait", json={"timeout": "20s"}).json())

    waiting = threading.Thread(target=wait)
    waiting.start()
    now = httpx.post(f"{served.url}/v2/{name}:wait", json={"timeout": "0s"}).json()
    assert "done" not in now
    assert not answered
    task.end(0)
    waiting.join(20)
    (operation,) = answered
    assert operation["done"]
    assert operation["response"]["succeededCount"] == 1


def test_nobody_waits_for_more_than_a_minute(served, puppet, puppets, ledger):
    served.make("j", puppet)
    started = served.jobs.run_job(name=JOB)
    time = FakeTime()
    operations = Operations(
        Store(ledger), served.run.executions, sleep=time.advance, monotonic=time.monotonic
    )
    assert "done" not in operations.wait(started.operation.name, 1e8)
    assert time.elapsed == pytest.approx(60)
    puppets.next().end(0)


def test_an_operation_that_was_deleted_is_gone_and_its_execution_goes_on(served, puppet, puppets):
    served.make("j", puppet)
    started = served.jobs.run_job(name=JOB)
    task = puppets.next()
    name = {"name": started.operation.name}
    served.jobs.delete_operation(name)
    with pytest.raises(exceptions.NotFound, match=name["name"]):
        served.jobs.get_operation(name)
    task.end(0)
    assert served.settle(started.metadata).succeeded_count == 1


def test_of_an_execution_that_was_deleted_the_operation_says_so(served, puppet, puppets):
    served.make("j", puppet)
    started = served.jobs.run_job(name=JOB)
    task = puppets.next()
    served.executions.delete_execution(name=started.metadata.name)
    task.wait()
    found = served.jobs.get_operation({"name": started.operation.name})
    assert (found.done, found.error.code) == (True, 5)


def test_operations_are_listed_by_pages_the_newest_first(served):
    for id in ("a", "b", "c"):
        served.make(id, {})
    listed = operations_pb2.ListOperationsRequest(name=LOCATION, page_size=2)
    first = served.jobs.list_operations(listed)
    assert len(first.operations) == 2
    listed.page_token = first.next_page_token
    second = served.jobs.list_operations(listed)
    assert (len(second.operations), second.next_page_token) == (1, "")


def test_operations_are_forgotten_after_a_while(served, ledger, monkeypatch):
    served.make("j", {})
    start = ledger.now()
    for days, left in ((6, 1), (8, 0)):
        monkeypatch.setattr(type(ledger), "now", lambda _, at=start + timedelta(days=days): at)
        served.run.operations.look()
        assert len(served.jobs.list_operations({"name": LOCATION}).operations) == left
