"""A task that fails is tried again after the exact wait, as often as it may be."""

from __future__ import annotations

from itertools import pairwise

import pytest

from common.localcloud.answers import Answer
from tests.localcloud.target import on_sqlite
from tests.localcloud.tasks.conftest import QUEUE


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


def test_retry_after_is_waited_for(world):
    world.queue(retryConfig={"minBackoff": "1s"})
    world.task("a")
    world.target.answers.append(Answer(status=503, headers={"Retry-After": "120"}))
    world.turns(119)
    assert len(world.target.sent) == 1
    world.turns(2)
    assert len(world.target.sent) == 2


@on_sqlite
@pytest.mark.parametrize("status", [100, 199, 300, 302, 404, 500])
def test_only_2xx_is_success(world, status):
    world.queue()
    world.task("a")
    world.target.answers.append(status)
    world.turns(0)
    assert world.ids() == {"a"}
