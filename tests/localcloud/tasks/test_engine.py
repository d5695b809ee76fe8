"""A task is delivered when it is due, as it says, whoever dies or deletes it meanwhile."""

from __future__ import annotations

from datetime import timedelta

from common.localcloud.rpc import Call
from common.localcloud.values import timestamp
from tests.localcloud.target import URL, Target
from tests.localcloud.tasks.conftest import QUEUE


def test_a_task_that_is_due_is_delivered_once_and_gone(world):
    world.queue()
    world.task("a", httpRequest={"headers": {"B": "c"}})
    world.turns(5)
    (out,) = world.target.sent
    assert (out.method, out.url, out.body, out.deadline) == ("POST", URL, b"hello", 600)
    assert out.headers == {
        "B": "c",
        "User-Agent": "Google-Cloud-Tasks",
        "X-CloudTasks-QueueName": "q",
        "X-CloudTasks-TaskName": "a",
        "X-CloudTasks-TaskRetryCount": "0",
        "X-CloudTasks-TaskExecutionCount": "0",
        "X-CloudTasks-TaskETA": f"{world.time.start.timestamp():.6f}",
    }
    assert world.ids() == set()


def test_one_that_is_due_later_is_delivered_then(world):
    world.queue()
    at = world.time.now() + timedelta(hours=1)
    world.task("a", scheduleTime=timestamp(at))
    world.turns(3599.9)
    assert world.target.sent == []
    world.turns(0.2)
    assert world.delivered() == ["a"]


def test_a_task_that_is_run_is_delivered_whatever_its_time_and_its_queue(world):
    world.queue(rateLimits={"maxDispatchesPerSecond": 1})
    world.queues.pause(Call(fields={"name": QUEUE}))
    world.task("a", scheduleTime=timestamp(world.time.now() + timedelta(days=1)))
    assert world.run("a")["scheduleTime"] == "2026-11-22T12:00:00Z"
    world.turns(0)
    assert world.delivered() == ["a"]
    assert world.ids() == set()


def test_a_task_deleted_while_it_is_delivered_stays_deleted(world):
    world.queue()
    world.task("a")
    world.target.held = []
    world.turns(0)
    world.tasks.delete(Call(fields={"name": f"{QUEUE}/tasks/a"}))
    world.target.answers.append(500)
    world.target.go_on()
    world.turns(10)
    assert world.ids() == set()
    assert len(world.target.sent) == 1


def test_a_queue_deleted_while_its_task_is_delivered_has_nothing_left(world):
    world.queue()
    world.task("a")
    world.target.held = []
    world.turns(0)
    world.queues.delete(Call(fields={"name": QUEUE}))
    world.target.answers.append(429)
    world.target.go_on()
    assert world.engine.turn() > 0


def test_what_is_run_while_it_is_delivered_is_delivered_again_and_counts_once(world):
    world.queue()
    world.task("a")
    world.target.held = []
    world.turns(0)
    world.run("a")
    world.turns(0)
    first, second = world.target.held
    world.target.held = []
    world.target.answers.extend([500, 200])
    first()  # of an attempt that is no longer the last: it changes nothing
    assert world.get("a")["dispatchCount"] == 2
    assert "responseCount" not in world.get("a")
    second()
    assert world.ids() == set()


def test_what_a_killed_process_had_taken_is_delivered_by_another(world):
    world.queue()
    world.task("a")
    world.target.held = []
    world.turns(0)
    other, _ = world.process(survivor := Target())
    world.turns(29, other)
    assert survivor.sent == []
    world.turns(2, other)
    assert survivor.sent[0].headers["X-CloudTasks-TaskRetryCount"] == "1"
    assert world.ids() == set()


def test_a_process_that_lives_keeps_what_it_takes_for_as_long_as_it_takes(world):
    world.queue()
    world.task("a")
    world.target.held = []
    other, _ = world.process(idle := Target())
    for _ in range(60):
        world.turns(9)
        other.turn()
    assert idle.sent == []
    world.target.go_on()
    assert (len(world.target.sent), world.ids()) == (1, set())


def test_tokens_are_as_the_task_says(world):
    world.queue()
    account = {"serviceAccountEmail": "a@b"}
    world.task("a", httpRequest={"oidcToken": account})
    world.task("b", httpRequest={"oauthToken": account})
    world.turns(0)
    told = {out.headers["X-CloudTasks-TaskName"]: out for out in world.target.sent}
    assert told["a"].headers["Authorization"].count(".") == 2
    assert told["b"].headers["Authorization"].startswith("Bearer ya29.")
