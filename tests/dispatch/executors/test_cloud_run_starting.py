"""Starts on Cloud Run: what is asked, what a refusal says, and none made twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from google.api_core.exceptions import TooManyRequests

from common.dispatch.executors import Launch, StartRefused
from common.dispatch.executors.cloud_errors import starting
from common.dispatch.executors.cloud_run import CloudRunExecutor
from common.errors import Unavailable
from tests.dispatch.backends import cloud, launch, settings
from tests.services.local_cloud import JOBS
from tests.services.process import free_port


def test_a_start_overrides_the_tasks_the_timeout_and_one_variable_and_nothing_else(run_api):
    run_api.executor.start(
        Launch(job="noop", execution="e1", tasks=7, timeout=timedelta(hours=1, seconds=1))
    )
    (execution,) = run_api.platform.executions("noop")
    declared = run_api.platform.store.get(f"{JOBS}/noop").data["template"]
    (container,) = declared["template"]["containers"]
    env = [*container["env"], {"name": "RUNJOBS_EXECUTION", "value": "e1"}]
    assert execution.data["taskCount"] == 7
    assert execution.data["template"] == {
        **declared["template"],
        "containers": [{**container, "env": env}],
        "timeout": "3601s",
    }


@pytest.mark.parametrize(
    ("code", "retryable"), [(429, True), (409, True), (400, False), (403, False)]
)
def test_a_start_that_the_api_refuses_is_refused_and_not_repeated(run_api, code, retryable):
    run_api.faults.next.append(code)
    with pytest.raises(StartRefused, match=f"{code} on command") as refused:
        run_api.executor.start(launch())
    assert refused.value.retryable is retryable
    assert len(run_api.faults.requests) == 1


def test_a_job_that_is_not_deployed_is_named_with_where_it_should_be(run_api):
    with pytest.raises(StartRefused, match="Is zip-unpack deployed") as refused:
        run_api.executor.start(launch(job="zip-unpack"))
    assert not refused.value.retryable
    assert "projects/test/locations/us-central1" in str(refused.value)


NOW = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "Sun, 22 Nov 2026 12:01:30 GMT", "Date": NOW}, 90.0),
        ({"Retry-After": "Sun, 22 Nov 2026 11:00:00 GMT", "Date": NOW}, 0.0),
    ],
)
def test_a_refusal_that_says_when_to_come_again_says_so_here_whatever_our_clock(
    run_api, code, headers, after
):
    run_api.faults.next.append(code)
    run_api.faults.headers = headers
    with pytest.raises(StartRefused) as refused:
        run_api.executor.start(launch())
    assert (refused.value.retryable, refused.value.after) == (True, after)
    assert len(run_api.faults.requests) == 1


@pytest.mark.parametrize(
    "said", ["", "soon", "-1", "1e9", "9" * 400, "Sun, 99 Nov 2026 12:01:30 GMT", "nan", "²"]
)
def test_when_to_come_again_may_be_said_in_no_way_that_is_known(run_api, said):
    run_api.faults.next += [429, 503]
    run_api.faults.headers = {"Retry-After": said.encode().decode("latin-1")}
    with pytest.raises(StartRefused) as refused:
        run_api.executor.start(launch())
    assert refused.value.after is None
    with pytest.raises(Unavailable):
        run_api.executor.start(launch())


@pytest.mark.parametrize("code", [429, 503])
def test_when_to_come_again_may_be_said_in_the_body(run_api, code):
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}
    run_api.faults.next.append(code)
    run_api.faults.details = [info]
    with pytest.raises(StartRefused) as refused:
        run_api.executor.start(launch())
    assert (refused.value.retryable, refused.value.after) == (True, 7.5)


@pytest.mark.parametrize(
    ("details", "after"),
    [
        ([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}], 7.5),
        ([{"@type": "type.googleapis.com/google.rpc.RetryInfo"}, "odd", None], None),
        ([{"@type": "type.googleapis.com/google.rpc.Help", "retryDelay": "7.5s"}], None),
    ],
)
def test_when_to_come_again_may_be_said_in_the_answer_itself(details, after):
    with pytest.raises(StartRefused) as refused, starting("noop", service="Cloud Run"):
        raise TooManyRequests("Quota exceeded", details=details)
    assert refused.value.after == after


def nameless(answer: dict) -> None:
    """An operation that does not say what it is about."""
    del answer["metadata"]


@pytest.mark.parametrize(
    ("fault", "applied"),
    [
        (503, 0),
        (500, 0),
        (504, 0),
        (499, 0),
        ("dropped", 0),
        ("lost", 1),
        ("slow", 1),
        ("malformed", 1),
        ("empty", 1),
        (nameless, 1),
    ],
)
def test_a_start_whose_outcome_is_unknown_is_unavailable_and_not_repeated(tmp_path, fault, applied):
    with cloud(tmp_path, timeout=0.5 if fault == "slow" else 20.0) as backend:
        backend.faults.next.append(fault)
        with pytest.raises(Unavailable):
            backend.executor.start(launch())
        for _ in range(applied):
            backend.task()
        assert len(backend.platform.executions("noop")) == applied
        assert len(backend.faults.requests) == 1


@pytest.mark.parametrize("fault", ["empty", nameless])
def test_a_start_without_a_name_is_said_to_be_one(run_api, fault):
    run_api.faults.next.append(fault)
    with pytest.raises(Unavailable, match="started noop and did not say as what"):
        run_api.executor.start(launch())


def test_a_start_on_a_connection_that_went_stale_is_not_repeated(run_api):
    run_api.executor.start(launch())
    run_api.faults.next.append("lost")
    with pytest.raises(Unavailable):
        run_api.executor.start(launch())
    assert len(run_api.platform.executions("noop")) == 2


def test_a_start_that_never_left_is_refused_for_now(tmp_path):
    executor = CloudRunExecutor(settings(tmp_path), endpoint=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StartRefused, match="cannot be reached") as refused:
        executor.start(launch())
    assert refused.value.retryable
