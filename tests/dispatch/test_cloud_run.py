"""What holds of executions on Cloud Run: the real client, over HTTP, against the local cloud."""

from __future__ import annotations

import functools
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from google.api_core.exceptions import TooManyRequests
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from google.cloud import run_v2

from common.dispatch.executors import Launch, NoSuchExecution, StartRefused, open_executor
from common.dispatch.executors.cloud_errors import asking, starting
from common.dispatch.executors.cloud_run import CloudRunExecutor
from common.dispatch.executors.folder import Folder
from common.dispatch.google import access
from common.errors import Misconfigured, RunjobsError, Unavailable
from common.localcloud import store
from common.localcloud.store import Resource
from tests.dispatch.backends import cloud, settings
from tests.dispatch.conftest import launch
from tests.services.local_cloud import JOBS
from tests.services.process import free_port

# --- starting


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


@pytest.mark.parametrize("variable", ["RUNJOBS_RUN_ENDPOINT", "RUNJOBS_CLOUD_ENDPOINT"])
def test_the_executor_is_the_one_that_the_settings_name(run_api, tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, run_api.platform.url)
    open_executor(settings(tmp_path, RUNJOBS_EXECUTOR="cloud-run")).start(launch())
    assert len(run_api.platform.executions("noop")) == 1
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
