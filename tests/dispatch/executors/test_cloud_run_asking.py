"""Looking at executions on Cloud Run, finding and cancelling them."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from google.cloud import run_v2

from common.dispatch.executors import NoSuchExecution
from common.dispatch.executors.folder import Folder
from common.dispatch.google import access
from common.errors import Misconfigured, Unavailable
from common.localcloud import store
from common.localcloud.store import Resource
from tests.dispatch.backends import launch
from tests.services.local_cloud import JOBS

# --- looking and cancelling


def ask(executor, act: str, name: str):
    if act == "check":
        return executor.check()
    if act == "find":
        return executor.find("noop", "our-execution", since=datetime.now(UTC))
    return getattr(executor, act)("noop", name)


@pytest.mark.parametrize("fault", [429, 500, 503, "dropped", "lost"])
@pytest.mark.parametrize("act", ["describe", "find", "cancel", "check"])
def test_what_may_be_asked_again_is(run_api, act, fault):
    name = run_api.executor.start(launch())
    task = run_api.task()
    run_api.faults.next.append(fault)
    ask(run_api.executor, act, name)
    if act != "cancel":
        task.end(0)
    run_api.settle(name)
    assert run_api.executor.describe("noop", name).cancelled == (act == "cancel")


@pytest.mark.parametrize("fault", [429, 500, 503, "dropped", "lost"])
def test_a_cancellation_that_was_not_answered_is_made_again(run_api, fault):
    name = run_api.executor.start(launch())
    task = run_api.task()
    run_api.faults.at[":cancel"] = fault
    run_api.executor.cancel("noop", name)
    assert run_api.faults.at == {}
    task.wait()
    run_api.settle(name)
    assert run_api.executor.describe("noop", name).cancelled == 1


def test_an_execution_may_end_just_before_it_is_cancelled(run_api):
    name = run_api.executor.start(launch())
    task = run_api.task()

    def ends(_answer: dict) -> None:
        task.end(0)
        run_api.settle(name)

    run_api.faults.at[name] = ends
    run_api.executor.cancel("noop", name)
    assert any(it.endswith(":cancel") for it in run_api.faults.requests)
    assert run_api.executor.describe("noop", name).succeeded == 1


@pytest.mark.parametrize("fault", [429, 503, 499, "dropped", "slow", "malformed"])
@pytest.mark.parametrize("act", ["describe", "find", "cancel", "check"])
def test_a_platform_that_does_not_answer_is_unavailable_within_the_timeout(run_api, act, fault):
    name = run_api.executor.start(launch())
    run_api.faults.next.extend([fault] * 20)
    began = monotonic()
    with pytest.raises(Unavailable, match="did not answer"):
        ask(run_api.another(timeout=0.3), act, name)
    assert monotonic() - began < 10


@pytest.mark.parametrize("code", [400, 403])
@pytest.mark.parametrize("act", ["describe", "find", "cancel", "check"])
def test_a_refusal_is_misconfigured_and_says_what_to_check(run_api, act, code):
    name = run_api.executor.start(launch())
    run_api.faults.next.append(code)
    with pytest.raises(Misconfigured, match="roles") as error:
        ask(run_api.executor, act, name)
    assert f"{code} on command" in str(error.value)
    assert not isinstance(error.value, NoSuchExecution)


@pytest.mark.parametrize(
    "act", [lambda it: it.start(launch()), lambda it: it.check(), lambda it: it.cancel("noop", "x")]
)
def test_credentials_that_are_not_accepted_are_misconfigured(run_api, act):
    run_api.faults.next.append(401)
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        act(run_api.executor)
    assert len(run_api.faults.requests) == 1


def test_a_cancelled_execution_is_told_from_a_failed_one_by_its_counts(run_api):
    name = run_api.executor.start(launch(4))
    first, second = run_api.task(), run_api.task()
    first.end(0)
    run_api.task()  # the platform has seen the end of one when the next begins
    second.end(1)
    run_api.task()
    run_api.executor.cancel("noop", name)
    run_api.settle(name)
    found = run_api.executor.describe("noop", name)
    assert (found.succeeded, found.failed, found.cancelled, found.ended) == (1, 1, 2, True)


# --- finding
RESERVED = datetime(2026, 11, 22, 12, tzinfo=UTC)


def started(run_api, *minutes: float) -> list[str]:
    """Executions started so many minutes after that time, carrying id-0, id-1, …"""
    name = run_api.executor.start(launch())
    run_api.task().end(0)
    run_api.settle(name)
    run_api.executor.describe("noop", name)
    (ended,) = run_api.platform.executions("noop")
    run_api.platform.store.drop(ended)
    assert Folder(run_api.platform.folder(name)).remove()
    for number, after in enumerate(minutes):
        run_api.platform.store.create(alike(ended, number, RESERVED + timedelta(minutes=after)))
    run_api.faults.requests.clear()
    return [f"noop-{number}" for number in range(len(minutes))]


def alike(ended: Resource, number: int, created: datetime) -> Resource:
    """As that one, of another id and time."""
    name = f"{ended.parent}/noop-{number}"
    data = json.dumps(ended.data).replace("our-execution", f"id-{number}")
    told = {"name": name, "createTime": created.isoformat()}
    return replace(ended, name=name, data={**json.loads(data), **told}, created=created)


@pytest.fixture
def most(monkeypatch):
    """Sets how many executions are in one answer, at most."""
    return functools.partial(monkeypatch.setattr, store, "_MOST")


def test_an_execution_is_found_on_whatever_page_it_is(run_api, most):
    names = started(run_api, 1, 2, 3, 4, 5)
    most(2)
    for number, pages in ((4, 1), (3, 1), (2, 2), (1, 2), (0, 3)):
        found = run_api.executor.find("noop", f"id-{number}", since=RESERVED)
        assert found == names[number]
        assert len(run_api.faults.requests) == pages
        run_api.faults.requests.clear()


def test_executions_from_before_it_was_reserved_are_not_read(run_api, most):
    started(run_api, *range(-60, -6), -4, -2, 1)
    most(1)
    assert run_api.executor.find("noop", "id-0", since=RESERVED) is None
    assert len(run_api.faults.requests) == 4


def test_a_page_that_is_not_answered_is_asked_for_again(run_api, most):
    names = started(run_api, 1, 2)
    most(1)
    run_api.faults.next += [None, 503]
    assert run_api.executor.find("noop", "id-0", since=RESERVED) == names[0]
    assert len(run_api.faults.requests) == 3


def test_of_a_job_that_is_not_there_nothing_is_found(run_api):
    assert run_api.executor.find("zip-unpack", "id-0", since=RESERVED) is None
    run_api.faults.next.append(404)
    assert run_api.executor.find("noop", "id-0", since=RESERVED) is None


def test_executions_that_others_started_are_not_taken_for_ours(run_api):
    request = run_v2.RunJobRequest
    odd = [
        run_v2.EnvVar(name="RUNJOBS_EXECUTION_", value="id-0"),
        run_v2.EnvVar(name="OTHER", value="id-0"),
    ]
    with_env = request.Overrides(container_overrides=[request.Overrides.ContainerOverride(env=odd)])
    jobs = run_v2.JobsClient(transport="rest", **access(run_api.platform.url))
    jobs.run_job(request(name=f"{JOBS}/noop"))
    jobs.run_job(request(name=f"{JOBS}/noop", overrides=with_env))
    assert len(run_api.platform.executions("noop")) == 2
    assert run_api.executor.find("noop", "id-0", since=RESERVED) is None
    assert run_api.executor.find("noop", "", since=RESERVED) is None
