"""Jobs fire at their times, each time once, whoever serves."""

from __future__ import annotations

from itertools import count

import pytest

from common.localcloud.scheduler.engine import Engine
from common.localcloud.store import Store
from tests.localcloud.mortal import Killed, Mortal
from tests.localcloud.scheduler.conftest import JOB
from tests.localcloud.target import URL, Target, on_sqlite


def times(*targets: Target) -> list[str]:
    return sorted(
        out.headers["X-CloudScheduler-ScheduleTime"][11:16]
        for target in targets
        for out in target.sent
    )


def test_a_job_fires_at_its_times_with_its_request(world):
    target = {"uri": URL, "body": "e30=", "headers": {"A": "b"}, "httpMethod": "PUT"}
    world.create(httpTarget=target, attemptDeadline="30s")
    world.turns(1801)
    assert times(world.target) == ["12:10", "12:20", "12:30"]
    out = world.target.sent[0]
    assert (out.method, out.url, out.body, out.deadline) == ("PUT", URL, b"{}", 30)
    assert out.headers == {
        "A": "b",
        "User-Agent": "Google-Cloud-Scheduler",
        "Content-Type": "application/octet-stream",
        "X-CloudScheduler": "true",
        "X-CloudScheduler-JobName": "j",
        "X-CloudScheduler-ScheduleTime": "2026-11-22T12:10:00Z",
    }
    assert world.ask(world.jobs.get)["lastAttemptTime"].startswith("2026-11-22T12:30:00")


def test_several_processes_fire_each_time_once(world):
    world.create(schedule="* * * * *")
    others = [Target(), Target()]
    engines = [world.engine, *(world.process(target)[0] for target in others)]
    world.turns(601, *engines)
    assert times(world.target, *others) == [f"12:{minute:02}" for minute in range(1, 11)]


def test_what_was_missed_while_nobody_served_is_not_made_up(world):
    world.create()
    world.time.advance(3600 + 300)
    world.turns(301)
    assert times(world.target) == ["13:10"]


def test_a_failure_is_tried_again_and_told(world):
    world.create(retryConfig={"retryCount": 2, "minBackoffDuration": "60s"})
    world.target.answers.extend([500, 404, 200])
    world.turns(605)
    failed = world.ask(world.jobs.get)
    assert failed["status"]["code"] == 13
    assert failed["scheduleTime"].startswith("2026-11-22T12:11:00")
    world.turns(300)
    assert times(world.target) == ["12:10"] * 3
    assert world.ask(world.jobs.get)["status"] == {}


def test_paused_and_resumed(world):
    world.create()
    world.ask(world.jobs.pause)
    world.turns(3000)
    assert times(world.target) == []
    world.ask(world.jobs.resume)
    world.turns(601)
    assert times(world.target) == ["13:00"]


def test_run_fires_at_once_also_what_is_paused(world):
    world.create()
    world.ask(world.jobs.pause)
    world.ask(world.jobs.run)
    world.turns(1)
    assert times(world.target) == ["12:00"]
    assert world.ask(world.jobs.get)["state"] == "PAUSED"
    world.turns(3000)
    assert len(world.target.sent) == 1


def test_a_job_does_not_fire_while_it_fires(world):
    world.create(schedule="* * * * *")
    world.target.held = []
    for _ in range(61):
        world.turns(9)
    assert len(world.target.held) == 1
    world.target.go_on()
    world.target.held = None
    world.turns(1)
    assert times(world.target) == ["12:01", "12:09"]


def test_what_a_killed_process_fired_is_fired_by_another(world):
    world.create()
    world.target.held = []
    world.turns(601)
    other, _ = world.process(survivor := Target())
    world.turns(60, other)
    assert times(survivor) == ["12:10"]
    world.target.go_on()  # it was not killed, but slept: nobody asks it any more
    world.turns(600, other)
    assert times(survivor) == ["12:10", "12:20"]


def test_a_job_deleted_while_it_fires_stays_deleted(world):
    world.create()
    world.target.held = []
    world.turns(601)
    world.ask(world.jobs.delete)
    world.target.go_on()
    assert world.store.find(f"scheduler/{JOB}") is None


@pytest.mark.parametrize("name", ["oidcToken", "oauthToken"])
def test_tokens_are_as_the_job_says(world, name):
    account = {"serviceAccountEmail": "a@b"}
    world.create(httpTarget={"uri": URL, name: account})
    world.turns(601)
    dots = {"oidcToken": 2, "oauthToken": 2}[name]
    authorization = world.target.sent[0].headers["Authorization"]
    assert authorization.startswith("Bearer ey" if name == "oidcToken" else "Bearer ya29.")
    assert authorization.count(".") == dots


@on_sqlite
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_call_of_the_store_another_process_fires(world, after):
    world.create(schedule="* * * * *")
    other, _ = world.process(survivor := Target())
    for point in count(1):
        world.time.advance(60)
        due = f"{world.time.now():%H:%M}"
        if not killed(world, point, after=after):
            break
        world.turns(45, other)
        world.time.advance(15)
        assert 1 <= times(world.target, survivor).count(due) <= 2
    assert point > 5  # a firing takes five calls


def killed(world, point: int, *, after: bool) -> bool:
    """Whether a process that dies there came so far."""
    store = Store(Mortal(world.store.documents, last=point, after=after))
    engine = Engine(store, world.target.calls(store, world.time))
    try:
        engine.turn()
    except Killed:
        return True
    return False
