"""What holds of wake-ups by Cloud Tasks: the real client, over HTTP, against the local cloud."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import replace
from datetime import timedelta
from queue import Queue
from time import monotonic

import pytest
from google.auth import jwt
from google.auth.exceptions import DefaultCredentialsError
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from common.clock import SYSTEM
from common.dispatch.wakeups import Standing, Wakeup, open_wakeups
from common.dispatch.wakeups.cloud_tasks import CloudTasksWakeups
from common.documents import MAX_WRITES
from common.errors import Misconfigured, Unavailable
from tests.dispatch.wakeups.backends import cloud_settings, dispatcher
from tests.services.local_cloud import QUEUE, serving_home

ACTS = {
    "schedule": lambda backend: backend.ask("q", 30),
    "pause": lambda backend: backend.wakeups.pause(),
    "resume": lambda backend: backend.wakeups.resume(),
    "purge": lambda backend: backend.wakeups.purge(),
    "describe": lambda backend: backend.wakeups.describe(),
    "check": lambda backend: backend.wakeups.check(),
}


def creations(backend) -> int:
    return backend.faults.requests.count(f"POST /v2/{QUEUE}/tasks")


# --- what a wake-up is


def test_the_dispatcher_is_called_with_what_to_look_at_and_a_token_for_its_url(tasks_api):
    tasks_api.ask("io-tasks", 5)
    (task,) = tasks_api.platform.tasks()
    request = task.data["httpRequest"]
    assert request["url"] == f"{tasks_api.target}/internal/wakeups"
    assert json.loads(base64.b64decode(request["body"])) == {"kind": "queue", "name": "io-tasks"}
    assert request["oidcToken"] == {
        "serviceAccountEmail": "tasks@test.iam.gserviceaccount.com",
        "audience": tasks_api.target,
    }
    tasks_api.advance(10)
    (arrival,) = tasks_api.arrived
    assert (arrival.kind, arrival.name) == ("queue", "io-tasks")
    assert arrival.headers["Content-Type"] == "application/json"
    assert arrival.headers["X-CloudTasks-QueueName"] == "runjobs-wakeups"
    assert arrival.headers["X-CloudTasks-TaskName"] == task.id
    scheme, token = arrival.headers["Authorization"].split()
    claims = jwt.decode(token, verify=False)
    assert (scheme, claims["aud"]) == ("Bearer", tasks_api.target)
    assert claims["email"] == "tasks@test.iam.gserviceaccount.com"


def test_names_are_hashed_so_that_those_of_moments_that_follow_are_far_apart(tasks_api):
    for seconds in range(1, 21):
        tasks_api.ask("q", seconds)
    ids = [task.id for task in tasks_api.platform.tasks()]
    assert len({id[:2] for id in ids}) > 10
    assert ids != sorted(ids)


def test_the_queue_and_its_place_and_the_account_are_settings(time):
    settings = cloud_settings(CLOUD_TASKS_LOCATION="europe-west1", RUNJOBS_WAKEUP_QUEUE="mine")
    wakeups = CloudTasksWakeups(settings, time.now, endpoint="http://127.0.0.1:1", timeout=0.1)
    with pytest.raises(Unavailable, match="projects/test/locations/europe-west1/queues/mine"):
        wakeups.check()


def test_in_real_time_a_wakeup_comes_by_itself_and_again_where_its_handler_failed(tmp_path):
    """With a token that holds by the certificates of the local cloud."""
    calls: Queue[tuple] = Queue()
    failing = ["on command"]

    def handle(*call) -> None:
        calls.put(call)
        if failing:
            raise RuntimeError(failing.pop())

    with serving_home(tmp_path) as platform, dispatcher() as (target, handlers):
        handlers.append(handle)
        platform.make_queue()
        settings = cloud_settings(RUNJOBS_DISPATCHER_URL=target)
        wakeups = CloudTasksWakeups(settings, SYSTEM.now, endpoint=platform.url)
        wakeups.schedule(Wakeup(kind="queue", name="q", at=SYSTEM.now()))
        came = [calls.get(timeout=20) for _ in range(2)]
        token = came[1][2]["Authorization"].removeprefix("Bearer ")
        certificates = f"{platform.url}/oauth2/v1/certs"
        claims = id_token.verify_token(token, Request(), target, certificates)
    assert claims["email"] == "tasks@test.iam.gserviceaccount.com"
    assert [(kind, name) for kind, name, _ in came] == [("queue", "q")] * 2
    assert [headers["X-CloudTasks-TaskRetryCount"] for *_, headers in came] == ["0", "1"]


# --- names that are taken


def test_asking_again_within_the_moment_asks_cloud_tasks_once(tasks_api):
    for _ in range(300):
        tasks_api.ask()
    assert creations(tasks_api) == 1
    assert len(tasks_api.faults.requests) == 1


def test_others_who_ask_for_the_same_see_that_it_waits_and_set_no_other(tasks_api):
    for _ in range(3):
        tasks_api.another().schedule(Wakeup(kind="queue", name="q", at=tasks_api.time.now()))
    assert len(tasks_api.platform.tasks()) == 1
    assert creations(tasks_api) == 3


def test_where_the_names_of_the_next_moments_are_all_spent_the_platform_names_it(tasks_api):
    asked = Wakeup(kind="queue", name="q", at=tasks_api.time.now() + timedelta(seconds=30))
    for count in range(1, 6):
        tasks_api.another().schedule(asked)
        assert len(tasks_api.platform.tasks()) == 1
        tasks_api.another().purge()
        assert len([*tasks_api.platform.store.all(f"names/{QUEUE}/tasks")]) == min(count, 3)
    tasks_api.another().schedule(asked)
    tasks_api.advance(60)
    assert tasks_api.names == ["q"]


def test_who_may_only_create_tasks_takes_a_name_that_is_taken_for_one_that_waits(tasks_api):
    asked = Wakeup(kind="queue", name="q", at=tasks_api.time.now())
    tasks_api.wakeups.schedule(asked)
    tasks_api.faults.next += [None, 403]
    tasks_api.another().schedule(asked)
    assert [it.split()[0] for it in tasks_api.faults.requests] == ["POST", "POST", "GET"]
    assert len(tasks_api.platform.tasks()) == 1


def test_a_name_is_free_again_after_a_day(tasks_api):
    asked = Wakeup(kind="queue", name="q", at=tasks_api.time.now() + timedelta(hours=30))
    tasks_api.wakeups.schedule(asked)
    tasks_api.wakeups.purge()
    tasks_api.time.advance(timedelta(hours=25))
    tasks_api.wakeups.schedule(asked)
    (task,) = tasks_api.platform.tasks()
    assert task.due == asked.at


# --- many


def test_all_tasks_are_counted_a_page_at_a_time(tasks_api):
    tasks_api.ask("q", 7)
    (task,) = tasks_api.platform.tasks()
    others = [f"{QUEUE}/tasks/t{index}" for index in range(2_300)]
    made = [replace(task, name=name, data={**task.data, "name": name}) for name in others]
    for begin in range(0, len(made), MAX_WRITES):
        tasks_api.platform.store.commit(create=made[begin : begin + MAX_WRITES])
    tasks_api.faults.requests.clear()
    standing = tasks_api.wakeups.describe()
    assert standing == Standing(waiting=2_301, oldest=task.due, paused=False)
    assert tasks_api.faults.requests.count(f"GET /v2/{QUEUE}/tasks") == 3


# --- faults


@pytest.mark.parametrize("fault", [429, 500, 503, "dropped", "lost"])
@pytest.mark.parametrize("act", ACTS)
def test_whatever_fails_for_a_moment_is_asked_again(tasks_api, act, fault):
    tasks_api.faults.next.append(fault)
    ACTS[act](tasks_api)
    assert len(tasks_api.platform.tasks()) == (act == "schedule")
    state = tasks_api.platform.store.get(QUEUE).data["state"]
    assert state == ("PAUSED" if act == "pause" else "RUNNING")


@pytest.mark.parametrize("fault", [429, 503, 499, "dropped", "slow", "malformed"])
@pytest.mark.parametrize("act", ACTS)
def test_a_platform_that_does_not_answer_is_unavailable_within_the_timeout(tasks_api, act, fault):
    tasks_api.wakeups = tasks_api.another(timeout=0.3)
    tasks_api.faults.next.extend([fault] * 20)
    began = monotonic()
    with pytest.raises(Unavailable, match="did not answer"):
        ACTS[act](tasks_api)
    assert monotonic() - began < 10


@pytest.mark.parametrize("code", [400, 403])
@pytest.mark.parametrize("act", ACTS)
def test_a_refusal_is_misconfigured_and_says_what_to_check(tasks_api, act, code):
    tasks_api.faults.next.append(code)
    with pytest.raises(Misconfigured, match="roles/cloudtasks") as error:
        ACTS[act](tasks_api)
    assert f"{code} on command" in str(error.value)


@pytest.mark.parametrize("act", ACTS)
def test_credentials_that_are_not_accepted_are_misconfigured(tasks_api, act):
    tasks_api.faults.next.append(401)
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        ACTS[act](tasks_api)


@pytest.mark.parametrize("act", ACTS)
def test_a_queue_that_is_not_there_is_named_with_the_command_that_makes_it(tasks_api, act):
    tasks_api.platform.store.delete(QUEUE)
    with pytest.raises(Misconfigured, match="gcloud tasks queues create runjobs-wakeups --loc"):
        ACTS[act](tasks_api)


# --- what is missing


def test_no_project_is_named_with_the_variable(time):
    with pytest.raises(Misconfigured, match="GOOGLE_CLOUD_PROJECT"):
        CloudTasksWakeups(cloud_settings(GOOGLE_CLOUD_PROJECT=""), time.now)


@pytest.mark.parametrize("missing", ["RUNJOBS_DISPATCHER_URL", "RUNJOBS_WAKEUP_ACCOUNT"])
@pytest.mark.parametrize("act", ["schedule", "check"])
def test_a_setting_without_which_nobody_would_be_called_is_named(time, missing, act):
    wakeups = CloudTasksWakeups(cloud_settings(**{missing: ""}), time.now)
    wakeup = Wakeup(kind="queue", name="q", at=time.now())
    with pytest.raises(Misconfigured, match=missing):
        wakeups.check() if act == "check" else wakeups.schedule(wakeup)


def test_an_imitation_of_cloud_tasks_may_call_without_a_token(tasks_api):
    wakeups = tasks_api.another(RUNJOBS_WAKEUP_ACCOUNT="")
    wakeups.schedule(Wakeup(kind="queue", name="q", at=tasks_api.time.now()))
    tasks_api.advance(5)
    assert "Authorization" not in tasks_api.arrived[0].headers


def test_no_credentials_are_named_with_the_command_that_gets_them(time, monkeypatch):
    def none(*_, **__):
        raise DefaultCredentialsError("none were found")

    monkeypatch.setattr("google.auth.default", none)
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        CloudTasksWakeups(cloud_settings(), time.now).check()


def test_a_missing_package_is_named_with_the_extra_that_has_it(time, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.cloud.tasks_v2", None)
    monkeypatch.delattr("google.cloud.tasks_v2", raising=False)
    with pytest.raises(Misconfigured, match=r"runjobs\[gcp\]"):
        CloudTasksWakeups(cloud_settings(), time.now)


# --- which


@pytest.mark.parametrize("variable", ["RUNJOBS_TASKS_ENDPOINT", "RUNJOBS_CLOUD_ENDPOINT"])
def test_the_wakeups_are_those_that_the_settings_name(tasks_api, laptop, monkeypatch, variable):
    monkeypatch.setenv(variable, tasks_api.platform.url)
    wakeup = Wakeup(kind="queue", name="q", at=tasks_api.time.now())
    in_the_cloud = open_wakeups(cloud_settings(), laptop.documents)
    in_the_cloud.schedule(wakeup)
    assert not in_the_cloud.driven
    assert len(tasks_api.platform.tasks()) == 1
    here = open_wakeups(cloud_settings(RUNJOBS_WAKEUPS="local"), laptop.documents)
    here.schedule(wakeup)
    assert here.driven
    assert laptop.wakeups.describe().waiting == 1
