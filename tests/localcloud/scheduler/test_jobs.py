"""Scheduler jobs: defaults, bounds and masks."""

from __future__ import annotations

import pytest

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Call
from tests.localcloud.scheduler.conftest import JOB, LOCATION
from tests.localcloud.target import URL, on_sqlite


def test_a_job_has_googles_defaults(world):
    made = world.create(httpTarget={"uri": URL, "body": "e30="})
    assert (
        made
        == world.ask(world.jobs.get)
        == {
            "name": JOB,
            "httpTarget": {
                "uri": URL,
                "httpMethod": "POST",
                "headers": {"User-Agent": "Google-Cloud-Scheduler"},
                "body": "e30=",
            },
            "schedule": "*/10 * * * *",
            "timeZone": "UTC",
            "retryConfig": {
                "maxRetryDuration": "0s",
                "minBackoffDuration": "5s",
                "maxBackoffDuration": "3600s",
                "maxDoublings": 5,
            },
            "attemptDeadline": "180s",
            "state": "ENABLED",
            "userUpdateTime": "2026-11-22T12:00:00Z",
            "scheduleTime": "2026-11-22T12:10:00Z",
        }
    )


@on_sqlite
@pytest.mark.parametrize(
    ("fields", "culprit"),
    [
        ({"name": f"{LOCATION}/jobs/a.b"}, "job.name"),
        ({"name": "projects/p/locations/elsewhere/jobs/j"}, "job.name"),
        ({"schedule": ""}, "job.schedule"),
        ({"schedule": "every 5 minutes"}, "English"),
        ({"schedule": "0 0 0 * * *"}, "five fields"),
        ({"schedule": "61 * * * *"}, "minute"),
        ({"schedule": "0 0 30 2 *"}, "job.schedule"),
        ({"timeZone": "Europe/Nowhere"}, "time zone"),
        ({"httpTarget": None}, "httpTarget"),
        ({"httpTarget": {"uri": "x"}}, "httpTarget.uri"),
        ({"pubsubTarget": {"topicName": "t"}}, "Pub/Sub"),
        ({"appEngineHttpTarget": {"relativeUri": "/"}}, "App Engine"),
        ({"description": "x" * 501}, "description"),
        ({"attemptDeadline": "14s"}, "attemptDeadline"),
        ({"retryConfig": {"retryCount": 6}}, "retryCount"),
        ({"retryConfig": {"retryCount": -1}}, "retryCount"),
        ({"retryConfig": {"minBackoffDuration": "2s", "maxBackoffDuration": "1s"}}, "retryConfig"),
    ],
)
def test_what_a_job_cannot_be_is_refused_by_name(world, fields, culprit):
    with pytest.raises(ApiError, match=culprit) as refused:
        world.create(**fields)
    assert refused.value.status == "INVALID_ARGUMENT"


def test_a_name_is_taken_once(world):
    world.create()
    with pytest.raises(ApiError) as refused:
        world.create()
    assert refused.value.status == "ALREADY_EXISTS"
    world.ask(world.jobs.delete)
    world.create()


def test_what_is_not_there_is_not_found(world):
    jobs = world.jobs
    for verb in (jobs.get, jobs.delete, jobs.pause, jobs.resume, jobs.run):
        with pytest.raises(ApiError) as refused:
            world.ask(verb)
        assert refused.value.status == "NOT_FOUND"
    with pytest.raises(ApiError, match="not found"):
        world.update(schedule="* * * * *")


def test_an_update_changes_what_its_mask_names_and_when_it_fires(world):
    world.create(description="before", retryConfig={"retryCount": 3})
    found = world.update(
        "schedule,time_zone", schedule="30 14 * * *", timeZone="Europe/Berlin", description="x"
    )
    assert (found["schedule"], found["timeZone"]) == ("30 14 * * *", "Europe/Berlin")
    assert (found["description"], found["retryConfig"]["retryCount"]) == ("before", 3)
    assert found["scheduleTime"] == "2026-11-22T13:30:00Z"


def test_headers_that_an_update_names_join_those_that_there_are(world):
    world.create(httpTarget={"uri": URL, "headers": {"A": "1", "B": "2"}})
    target = {"headers": {"B": None, "C": "3"}}
    found = world.update("httpTarget.headers", httpTarget=target)
    agent = {"User-Agent": "Google-Cloud-Scheduler"}
    assert found["httpTarget"]["headers"] == {"A": "1", "C": "3", **agent}
    cleared = world.update("httpTarget.headers", httpTarget={})
    assert cleared["httpTarget"]["headers"] == agent


def test_an_update_of_a_paused_job_leaves_it_paused(world):
    world.create()
    world.ask(world.jobs.pause)
    assert world.update(schedule="* * * * *")["state"] == "PAUSED"
    world.turns(600)
    assert world.target.sent == []


def test_an_unknown_field_of_a_mask_is_refused(world):
    world.create()
    with pytest.raises(ApiError, match="colour"):
        world.update("colour")


def test_all_are_listed(world):
    for id in "ab":
        world.create(name=f"{LOCATION}/jobs/{id}")
    found = world.jobs.list(Call(fields={"parent": LOCATION}))["jobs"]
    assert [job["name"][-1] for job in found] == ["b", "a"]
