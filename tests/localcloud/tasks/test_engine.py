"""Tasks are delivered as their queue says, to the second and to the header."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from common.localcloud.answers import Answer
from common.localcloud.rpc import Call
from common.localcloud.values import timestamp
from tests.localcloud.target import URL, Target, on_sqlite
from tests.localcloud.tasks.conftest import QUEUE


def run(world, id: str) -> dict:
    return world.tasks.run(Call(fields={"name": f"{QUEUE}/tasks/{id}"}))


def names(target) -> list[str]:
    return [out.headers["X-CloudTasks-TaskName"] for out in target.sent]


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
    assert names(world.target) == ["a"]


def test_a_task_that_fails_is_tried_again_after_the_exact_wait(world):
    world.queue(retryConfig={"minBackoff": "10s", "maxBackoff": "300s", "maxDoublings": 3})
    world.task("a")
    world.target.answers.extend([500] * 8)
    times = []
    for _ in range(9):
        world.turns(0)
        times.append(world.time.elapsed)
        found = world.store.next(f"tasks/waiting/{QUEUE}")
        if found:
            world.time.advance(found - world.time.now())
    waits = [round(after - before, 6) for before, after in pairwise(times)]
    assert waits == [10, 20, 40, 80, 160, 240, 300, 300]
    assert len(world.target.sent) == 9
    assert world.ids() == set()


def test_attempts_are_counted_on_the_task_and_in_the_headers(world):
    world.queue(retryConfig={"minBackoff": "1s"})
    world.task("a")
    world.target.answers.extend([404, 500, Answer(problem="DEADLINE_EXCEEDED"), 400])
    world.turns(7.5)
    task = world.get("a")
    assert (task["dispatchCount"], task["responseCount"]) == (4, 3)
    assert task["firstAttempt"] == {"dispatchTime": "2026-11-22T12:00:00Z"}
    assert task["lastAttempt"]["responseStatus"] == {
        "code": 3,
        "message": "INVALID_ARGUMENT(3): HTTP status code 400",
    }
    told = [
        (
            out.headers["X-CloudTasks-TaskRetryCount"],
            out.headers["X-CloudTasks-TaskExecutionCount"],
            out.headers.get("X-CloudTasks-TaskPreviousResponse"),
        )
        for out in world.target.sent
    ]
    # What fails with 5xx, or without an answer, has not been executed.
    assert told == [("0", "0", None), ("1", "1", "404"), ("2", "1", "500"), ("3", "1", None)]


def test_a_task_that_has_had_its_attempts_is_gone(world):
    world.queue(retryConfig={"maxAttempts": 3, "minBackoff": "1s"})
    world.task("a")
    world.target.answers.extend([500] * 10)
    world.turns(60)
    assert len(world.target.sent) == 3
    assert world.ids() == set()


def test_within_the_retry_duration_it_has_more(world):
    retry = {"maxAttempts": 1, "maxRetryDuration": "10s", "minBackoff": "4s", "maxDoublings": 0}
    world.queue(retryConfig=retry)
    world.task("a")
    world.target.answers.extend([500] * 10)
    world.turns(60)
    assert len(world.target.sent) == 3  # at 0, 4 and 12 seconds
    assert world.ids() == set()


def test_a_task_may_say_its_own_retries(world):
    world.queue()
    world.task("a", retryConfig={"maxAttempts": 2, "minBackoff": "7s"})
    world.target.answers.extend([500] * 10)
    world.turns(6.9)
    assert len(world.target.sent) == 1
    world.turns(60)
    assert len(world.target.sent) == 2


def test_a_paused_queue_delivers_nothing_until_it_is_resumed(world):
    world.queue()
    world.queues.pause(Call(fields={"name": QUEUE}))
    world.task("a")
    world.turns(60)
    assert world.target.sent == []
    world.queues.resume(Call(fields={"name": QUEUE}))
    world.turns(0)
    assert names(world.target) == ["a"]


def test_a_task_that_is_run_is_delivered_whatever_its_time_and_its_queue(world):
    world.queue(rateLimits={"maxDispatchesPerSecond": 1})
    world.queues.pause(Call(fields={"name": QUEUE}))
    world.task("a", scheduleTime=timestamp(world.time.now() + timedelta(days=1)))
    assert run(world, "a")["scheduleTime"] == "2026-11-22T12:00:00Z"
    world.turns(0)
    assert names(world.target) == ["a"]
    assert world.ids() == set()


def test_a_rate_holds_from_the_burst_on(world):
    world.queue(rateLimits={"maxDispatchesPerSecond": 4})
    for _ in range(40):
        world.task()
    world.turns(0.01)
    assert len(world.target.sent) == 10  # its burst
    sent = []
    for _ in range(5):
        world.turns(1)
        sent.append(len(world.target.sent))
    assert sent == [14, 18, 22, 26, 30]


def test_as_many_at_once_as_the_queue_says(world):
    world.queue(rateLimits={"maxConcurrentDispatches": 3})
    for _ in range(8):
        world.task()
    world.target.held = []
    for left in (5, 2, 0):
        world.turns(1)
        assert len(world.ids()) - len(world.target.held) == left
        world.target.go_on()
    world.turns(1)
    assert len(world.target.sent) == 8


def test_of_two_processes_that_counted_the_same_free_place_one_takes_it(world):
    world.queue(rateLimits={"maxConcurrentDispatches": 1})
    world.task()
    world.task()
    world.target.held = []
    other, _ = world.process(rival := Target(held=[]))
    count = world.store.count

    def counted(agenda: str) -> int:
        found = count(agenda)
        other.turn()
        return found

    world.store.count = counted
    world.engine.turn()
    assert (len(world.target.held), len(rival.held)) == (0, 1)


def test_a_refusal_slows_the_whole_queue(world):
    world.queue(rateLimits={"maxDispatchesPerSecond": 10}, retryConfig={"minBackoff": "100s"})
    for _ in range(100):
        world.task()
    world.target.answers.append(503)
    world.turns(0)
    assert len(world.target.sent) == 10  # the burst was taken at once
    world.turns(2)
    assert len(world.target.sent) == 20  # half of ten a second


def test_retry_after_is_waited_for(world):
    world.queue(retryConfig={"minBackoff": "1s"})
    world.task("a")
    world.target.answers.append(Answer(status=503, headers={"Retry-After": "120"}))
    world.turns(119)
    assert len(world.target.sent) == 1
    world.turns(2)
    assert len(world.target.sent) == 2


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
    run(world, "a")
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


def test_on_a_store_with_a_pace_a_queues_document_is_written_no_faster(world):
    world.queue()
    world.store.documents.pace = 1.0
    for _ in range(3):
        world.task()
        world.turns(0)
    assert len(world.target.sent) == 1
    world.turns(1)
    assert len(world.target.sent) == 3


def test_tokens_are_as_the_task_says(world):
    world.queue()
    account = {"serviceAccountEmail": "a@b"}
    world.task("a", httpRequest={"oidcToken": account})
    world.task("b", httpRequest={"oauthToken": account})
    world.turns(0)
    told = {out.headers["X-CloudTasks-TaskName"]: out for out in world.target.sent}
    assert told["a"].headers["Authorization"].count(".") == 2
    assert told["b"].headers["Authorization"].startswith("Bearer ya29.")


@on_sqlite
@pytest.mark.parametrize("status", [100, 199, 300, 302, 404, 500])
def test_only_2xx_is_success(world, status):
    world.queue()
    world.task("a")
    world.target.answers.append(status)
    world.turns(0)
    assert world.ids() == {"a"}
