"""Tasks: what they may be, what is shown of them, and how long their names are taken."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Call
from common.localcloud.values import timestamp
from tests.localcloud.target import URL, on_sqlite
from tests.localcloud.tasks.conftest import QUEUE

TASK = f"{QUEUE}/tasks/a"


@pytest.fixture(autouse=True)
def queue(world) -> dict:
    return world.queue()


def delete(world):
    world.tasks.delete(Call(fields={"name": TASK}))


def test_a_task_is_shown_without_its_body_unless_all_is_asked_for(world):
    made = world.task("a", httpRequest={"headers": {"A": "b"}})
    assert (
        made
        == world.get("a")
        == {
            "name": TASK,
            "httpRequest": {
                "url": URL,
                "httpMethod": "POST",
                "headers": {"A": "b", "User-Agent": "Google-Cloud-Tasks"},
            },
            "scheduleTime": "2026-11-22T12:00:00Z",
            "createTime": "2026-11-22T12:00:00Z",
            "dispatchDeadline": "600s",
            "view": "BASIC",
        }
    )
    for view in ("FULL", 2):
        full = world.tasks.get(Call(fields={"name": TASK, "responseView": view}))
        assert full["httpRequest"]["body"] == "aGVsbG8="
        assert full["view"] == "FULL"


def test_enums_may_be_numbers(world):
    request = {"httpMethod": 4}
    assert world.task("a", httpRequest=request)["httpRequest"]["httpMethod"] == "PUT"


@on_sqlite
@pytest.mark.parametrize(
    ("fields", "culprit"),
    [
        ({"name": f"{QUEUE}/tasks/a.b"}, "task.name"),
        ({"name": f"{QUEUE}/tasks/{'a' * 501}"}, "task.name"),
        ({"name": f"{QUEUE}x/tasks/a"}, "task.name"),
        ({"httpRequest": None}, "httpRequest"),
        ({"appEngineHttpRequest": {"relativeUri": "/"}}, "App Engine"),
        ({"dispatchDeadline": "14s"}, "dispatchDeadline"),
        ({"dispatchDeadline": "1801s"}, "dispatchDeadline"),
        ({"scheduleTime": "tomorrow"}, "scheduleTime"),
        ({"scheduleTime": "2026-13-01T00:00:00Z"}, "scheduleTime"),
        ({"retryConfig": {"maxAttempts": -2}}, "maxAttempts"),
    ],
)
def test_what_a_task_cannot_be_is_refused_by_name(world, fields, culprit):
    task = {"httpRequest": {"url": URL}, **fields}
    with pytest.raises(ApiError, match=culprit) as refused:
        world.tasks.create(Call(fields={"parent": QUEUE, "task": task}))
    assert refused.value.status == "INVALID_ARGUMENT"


@on_sqlite
@pytest.mark.parametrize(
    ("request_", "culprit"),
    [
        ({"url": "ftp://host/"}, "httpRequest.url"),
        ({"url": "http://"}, "httpRequest.url"),
        ({"url": "http://host:99999/"}, "httpRequest.url"),
        ({"url": f"http://host/{'a' * 2100}"}, "httpRequest.url"),
        ({"url": "http://host/\r\nX: y"}, "httpRequest.url"),
        ({"httpMethod": "BREW"}, "httpMethod"),
        ({"httpMethod": "GET", "body": "aGVsbG8="}, "httpRequest.body"),
        ({"body": "!"}, "httpRequest.body"),
        ({"headers": {"A": "b\r\nC: d"}}, "headers"),
        ({"headers": {"A B": "c"}}, "headers"),
        ({"headers": {"A": "b" * 82_000}}, "headers"),
        ({"oidcToken": {}, "oauthToken": {"scope": "x"}}, "serviceAccountEmail"),
        (
            {"oidcToken": {"serviceAccountEmail": "a"}, "oauthToken": {"serviceAccountEmail": "a"}},
            "both",
        ),
    ],
)
def test_what_cannot_be_requested_is_refused_by_name(world, request_, culprit):
    task = {"httpRequest": {"url": URL, **request_}}
    with pytest.raises(ApiError, match=culprit) as refused:
        world.tasks.create(Call(fields={"parent": QUEUE, "task": task}))
    assert refused.value.status == "INVALID_ARGUMENT"


def test_thirty_days_ahead_is_the_farthest(world):
    farthest = world.time.now() + timedelta(days=30)
    assert world.task(scheduleTime=timestamp(farthest))["scheduleTime"] == timestamp(farthest)
    with pytest.raises(ApiError, match="30 days"):
        world.task(scheduleTime=timestamp(farthest + timedelta(seconds=1)))


def test_what_is_scheduled_for_the_past_is_due_now(world):
    assert world.task(scheduleTime="2020-01-01T00:00:00Z")["scheduleTime"] == "2026-11-22T12:00:00Z"


@on_sqlite
def test_a_task_may_be_as_large_as_a_document_and_no_larger(world):
    body = base64.b64encode(bytes(700_000)).decode()
    world.task("a", httpRequest={"body": body})
    world.engine.turn()
    assert world.target.sent[0].body == bytes(700_000)
    with pytest.raises(ApiError, match="950,000") as refused:
        world.task(httpRequest={"body": base64.b64encode(bytes(720_000)).decode()})
    assert refused.value.status == "INVALID_ARGUMENT"


def test_headers_that_the_service_sets_are_left_out(world):
    said = {
        "Host": "x",
        "user-agent": "x",
        "X-CloudTasks-TaskName": "x",
        "X-Google-A": "x",
        "B": "c",
    }
    made = world.task(httpRequest={"headers": said})
    assert made["httpRequest"]["headers"] == {"B": "c", "User-Agent": "Google-Cloud-Tasks"}


def test_a_task_needs_its_queue(world):
    with pytest.raises(ApiError, match="Queue does not exist") as refused:
        world.tasks.create(Call(fields={"parent": f"{QUEUE}x", "task": {}}))
    assert refused.value.status == "NOT_FOUND"


def test_tasks_without_a_name_get_one_each(world):
    assert world.task()["name"] != world.task()["name"]
    assert len(world.ids()) == 2


def taken(world) -> bool:
    try:
        world.task("a")
    except ApiError as error:
        return error.status == "ALREADY_EXISTS"
    return False


@pytest.mark.parametrize("way", ["deleted", "done", "purged", "queue deleted"])
def test_a_name_is_taken_for_an_hour_after_its_task(world, way):
    world.task("a")
    assert taken(world)
    if way == "deleted":
        delete(world)
    elif way == "done":
        world.engine.turn()
    elif way == "purged":
        world.queues.purge(Call(fields={"name": QUEUE}))
    else:
        world.queues.delete(Call(fields={"name": QUEUE}))
        world.queue()
    assert world.ids() == set()
    world.time.advance(timedelta(minutes=59))
    assert taken(world)
    world.time.advance(timedelta(minutes=1))
    assert not taken(world)
    assert world.ids() == {"a"}


def test_names_that_are_free_again_are_forgotten(world):
    world.task("a")
    delete(world)
    name = f"names/{TASK}"
    world.engine.turn()
    assert world.store.find(name)
    world.time.advance(timedelta(hours=1))
    world.engine.turn()
    assert world.store.find(name) is None


def test_a_task_that_is_gone_is_not_found(world):
    world.task("a")
    delete(world)
    for ask in (world.tasks.get, world.tasks.delete, world.tasks.run):
        with pytest.raises(ApiError) as refused:
            ask(Call(fields={"name": TASK}))
        assert refused.value.status == "NOT_FOUND"


def test_tasks_are_listed_by_pages(world):
    for id in "abc":
        world.task(id)
    asked = {"parent": QUEUE, "pageSize": "2"}
    first = world.tasks.list(Call(fields=asked))
    rest = world.tasks.list(Call(fields={**asked, "pageToken": first["nextPageToken"]}))
    found = [task["name"][-1] for page in (first, rest) for task in page["tasks"]]
    assert sorted(found) == ["a", "b", "c"]
    assert len(first["tasks"]) == 2
    assert rest["nextPageToken"] == ""


@on_sqlite
def test_however_many_names_are_freed_once_their_time_is_over(world):
    for number in range(410):
        world.task(f"n{number}", scheduleTime=timestamp(world.time.now() + timedelta(days=1)))
    world.queues.purge(Call(fields={"name": QUEUE}))
    assert world.store.count("tasks/names") == 410
    world.time.advance(timedelta(minutes=59))
    world.engine.turn()
    assert world.store.count("tasks/names") == 410
    world.time.advance(timedelta(minutes=2))
    world.engine.turn()
    world.engine.turn()
    assert world.store.count("tasks/names") == 0
