"""What holds of executions on Cloud Run: the real client, over HTTP, against a stand-in."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from google.api_core.exceptions import TooManyRequests
from google.auth.exceptions import DefaultCredentialsError, RefreshError

from common.dispatch.executors import Launch, NoSuchExecution, StartRefused, open_executor
from common.dispatch.executors.cloud_errors import asking, starting
from common.dispatch.executors.cloud_run import CloudRunExecutor
from common.errors import Misconfigured, RunjobsError, Unavailable
from tests.dispatch.backends import cloud, settings
from tests.dispatch.conftest import launch
from tests.services.process import free_port

# --- starting


def test_a_start_overrides_the_tasks_the_timeout_and_one_variable_and_nothing_else(run_api):
    run_api.executor.start(
        Launch(job="noop", execution="e1", tasks=7, timeout=timedelta(hours=1, seconds=1))
    )
    (execution,) = run_api.platform.executions.values()
    assert execution.request["overrides"] == {
        "containerOverrides": [{"env": [{"name": "RUNJOBS_EXECUTION", "value": "e1"}]}],
        "taskCount": 7,
        "timeout": "3601s",
    }


@pytest.mark.parametrize(
    ("code", "retryable"), [(429, True), (409, True), (400, False), (403, False)]
)
def test_a_start_that_the_api_refuses_is_refused_and_not_repeated(run_api, code, retryable):
    run_api.platform.faults.append(code)
    with pytest.raises(StartRefused, match=f"{code} on command") as refused:
        run_api.executor.start(launch())
    assert refused.value.retryable is retryable
    assert len(run_api.platform.requests) == 1


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
    run_api.platform.faults.append(code)
    run_api.platform.headers = headers
    with pytest.raises(StartRefused) as refused:
        run_api.executor.start(launch())
    assert (refused.value.retryable, refused.value.after) == (True, after)
    assert len(run_api.platform.requests) == 1


@pytest.mark.parametrize(
    "said", ["", "soon", "-1", "1e9", "9" * 400, "Sun, 99 Nov 2026 12:01:30 GMT", "nan", "²"]
)
def test_when_to_come_again_may_be_said_in_no_way_that_is_known(run_api, said):
    run_api.platform.faults += [429, 503]
    run_api.platform.headers = {"Retry-After": said.encode().decode("latin-1")}
    with pytest.raises(StartRefused) as refused:
        run_api.executor.start(launch())
    assert refused.value.after is None
    with pytest.raises(Unavailable):
        run_api.executor.start(launch())


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
        ("nameless", 1),
    ],
)
def test_a_start_whose_outcome_is_unknown_is_unavailable_and_not_repeated(tmp_path, fault, applied):
    with cloud(tmp_path, timeout=0.5) as backend:
        backend.platform.faults.append(fault)
        with pytest.raises(Unavailable):
            backend.executor.start(launch())
        assert len(backend.platform.executions) == applied
        assert len(backend.platform.requests) == 1


@pytest.mark.parametrize("fault", ["empty", "nameless"])
def test_a_start_without_a_name_is_said_to_be_one(run_api, fault):
    run_api.platform.faults.append(fault)
    with pytest.raises(Unavailable, match="started noop and did not say as what"):
        run_api.executor.start(launch())


def test_a_start_on_a_connection_that_went_stale_is_not_repeated(run_api):
    run_api.executor.start(launch())
    run_api.platform.faults.append("lost")
    with pytest.raises(Unavailable):
        run_api.executor.start(launch())
    assert len(run_api.platform.executions) == 2


def test_a_start_that_never_left_is_refused_for_now(tmp_path):
    executor = CloudRunExecutor(settings(tmp_path), endpoint=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StartRefused, match="cannot be reached") as refused:
        executor.start(launch())
    assert refused.value.retryable


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
    run_api.platform.faults.append(fault)
    ask(run_api.executor, act, name)
    (execution,) = run_api.platform.executions.values()
    assert execution.counts()["cancelledCount"] == (act == "cancel")


@pytest.mark.parametrize("fault", [429, 503, 499, "dropped", "slow", "malformed"])
@pytest.mark.parametrize("act", ["describe", "find", "cancel", "check"])
def test_a_platform_that_does_not_answer_is_unavailable_within_the_timeout(tmp_path, act, fault):
    with cloud(tmp_path, timeout=0.3) as backend:
        name = backend.executor.start(launch())
        backend.platform.faults.extend([fault] * 20)
        began = monotonic()
        with pytest.raises(Unavailable, match="did not answer"):
            ask(backend.executor, act, name)
        assert monotonic() - began < 5


@pytest.mark.parametrize("code", [400, 403])
@pytest.mark.parametrize("act", ["describe", "find", "cancel", "check"])
def test_a_refusal_is_misconfigured_and_says_what_to_check(run_api, act, code):
    name = run_api.executor.start(launch())
    run_api.platform.faults.append(code)
    with pytest.raises(Misconfigured, match="roles") as error:
        ask(run_api.executor, act, name)
    assert f"{code} on command" in str(error.value)
    assert not isinstance(error.value, NoSuchExecution)


@pytest.mark.parametrize(
    "act", [lambda it: it.start(launch()), lambda it: it.check(), lambda it: it.cancel("noop", "x")]
)
def test_credentials_that_are_not_accepted_are_misconfigured(run_api, act):
    run_api.platform.faults.append(401)
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        act(run_api.executor)
    assert len(run_api.platform.requests) == 1


def test_a_cancelled_execution_is_told_from_a_failed_one_by_its_counts(run_api):
    name = run_api.executor.start(launch(3))
    run_api.task().end(0)
    run_api.task().end(1)
    run_api.executor.cancel("noop", name)
    found = run_api.executor.describe("noop", name)
    assert (found.succeeded, found.failed, found.cancelled, found.ended) == (1, 1, 1, True)


# --- finding


RESERVED = datetime(2026, 11, 22, 12, tzinfo=UTC)


def started(run_api, *minutes: float) -> list[str]:
    """Executions started so many minutes after that time, carrying id-0, id-1, …"""
    names = []
    for number, after in enumerate(minutes):
        run_api.platform.now = lambda after=after: RESERVED + timedelta(minutes=after)
        names.append(run_api.executor.start(replace(launch(), execution=f"id-{number}")))
    run_api.platform.requests.clear()
    return names


def test_an_execution_is_found_on_whatever_page_it_is(run_api):
    names = started(run_api, 1, 2, 3, 4, 5)
    run_api.platform.most = 2
    for number, pages in ((4, 1), (3, 1), (2, 2), (1, 2), (0, 3)):
        found = run_api.executor.find("noop", f"id-{number}", since=RESERVED)
        assert found == names[number]
        assert len(run_api.platform.requests) == pages
        run_api.platform.requests.clear()


def test_executions_from_before_it_was_reserved_are_not_read(run_api):
    started(run_api, *range(-60, -6), -4, -2, 1)
    run_api.platform.most = 1
    assert run_api.executor.find("noop", "id-0", since=RESERVED) is None
    assert len(run_api.platform.requests) == 4


def test_a_page_that_is_not_answered_is_asked_for_again(run_api):
    names = started(run_api, 1, 2)
    run_api.platform.most = 1
    run_api.platform.faults += [None, 503]
    assert run_api.executor.find("noop", "id-0", since=RESERVED) == names[0]
    assert len(run_api.platform.requests) == 3


def test_of_a_job_that_is_not_there_nothing_is_found(run_api):
    started(run_api, 1)
    run_api.platform.jobs.clear()
    assert run_api.executor.find("noop", "id-0", since=RESERVED) is None


def test_executions_that_others_started_are_not_taken_for_ours(run_api):
    run_api.platform.run("noop", {})
    odd = [{"name": "RUNJOBS_EXECUTION_", "value": "id-0"}, {"name": "OTHER", "value": "id-0"}]
    run_api.platform.run("noop", {"overrides": {"containerOverrides": [{"env": odd}]}})
    assert run_api.executor.find("noop", "id-0", since=RESERVED) is None
    assert run_api.executor.find("noop", "", since=RESERVED) is None


# --- what is missing


def test_no_project_is_named_with_the_variable(tmp_path):
    with pytest.raises(Misconfigured, match="GOOGLE_CLOUD_PROJECT"):
        CloudRunExecutor(settings(tmp_path, GOOGLE_CLOUD_PROJECT=""))


@pytest.mark.parametrize("act", [lambda it: it.start(launch()), lambda it: it.check()])
def test_no_credentials_are_named_with_the_command_that_gets_them(tmp_path, monkeypatch, act):
    def none(*_, **__):
        raise DefaultCredentialsError("none were found")

    monkeypatch.setattr("google.auth.default", none)
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        act(CloudRunExecutor(settings(tmp_path)))


def test_a_missing_package_is_named_with_the_extra_that_has_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.cloud.run_v2", None)
    monkeypatch.delattr("google.cloud.run_v2", raising=False)
    with pytest.raises(Misconfigured, match=r"runjobs\[gcp\]"):
        CloudRunExecutor(settings(tmp_path))


@pytest.mark.parametrize(
    ("retryable", "start", "ask"),
    [(True, StartRefused, Unavailable), (False, Misconfigured, Misconfigured)],
)
def test_without_a_token_nothing_was_asked(retryable, start, ask):
    error = RefreshError("invalid_grant", retryable=retryable)
    with pytest.raises(start, match="invalid_grant"), starting("noop", service="Cloud Run"):
        raise error
    with pytest.raises(ask, match="invalid_grant"), asking("Cloud Run", remedy=""):
        raise error


def test_errors_of_ours_pass_as_they_are():
    ours = RunjobsError("as it was")
    for guard in (starting("noop", service="s"), asking("s", remedy="")):
        with pytest.raises(RunjobsError) as error, guard:
            raise ours
        assert error.value is ours


def test_the_executor_is_the_one_that_the_settings_name(run_api, tmp_path, monkeypatch):
    monkeypatch.setenv("RUNJOBS_RUN_ENDPOINT", run_api.executor._endpoint)
    open_executor(settings(tmp_path, RUNJOBS_EXECUTOR="cloud-run")).start(launch())
    assert len(run_api.platform.executions) == 1
    assert open_executor(settings(tmp_path)).watchable


# --- within reach


CLOUD = {"RUNJOBS_DOCUMENTS": "firestore://p/d", "RUNJOBS_BLOBS": "gs://b"}
LAPTOP = {"RUNJOBS_DOCUMENTS": "sqlite:///a/b", "RUNJOBS_BLOBS": "file:///a/b"}


@pytest.mark.parametrize("name", LAPTOP)
def test_stores_on_this_machine_are_refused_since_containers_could_not_see_them(
    tmp_path, monkeypatch, name
):
    monkeypatch.delenv("RUNJOBS_RUN_ENDPOINT", raising=False)
    where = {"RUNJOBS_EXECUTOR": "cloud-run", **CLOUD, name: LAPTOP[name]}
    with pytest.raises(Misconfigured, match=f"{name}={LAPTOP[name]} is on this machine"):
        open_executor(settings(tmp_path, **where))


def test_the_imitation_of_cloud_run_may_use_the_stores_of_its_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNJOBS_RUN_ENDPOINT", "http://127.0.0.1:1")
    where = {"RUNJOBS_EXECUTOR": "cloud-run", **LAPTOP}
    assert isinstance(open_executor(settings(tmp_path, **where)), CloudRunExecutor)


def test_stores_in_the_cloud_are_within_reach(tmp_path, monkeypatch):
    monkeypatch.delenv("RUNJOBS_RUN_ENDPOINT", raising=False)
    where = {"RUNJOBS_EXECUTOR": "cloud-run", **CLOUD}
    assert isinstance(open_executor(settings(tmp_path, **where)), CloudRunExecutor)
