"""A task that goes from run to run keeps to the rate of its queue."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from common.runs import Line, QueueLimits, State
from common.runs.queues import permits_of
from tests.runs.draining import Task
from tests.runs.making import given, limit, made


def holding(runs, time, **fields) -> Task:
    """A task that has done a run, and waits until it may begin the next."""
    limit(runs, max_per_second=1)
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}", **fields) for number in range(2)])
    task.end()
    return task


def test_a_run_is_held_until_the_rate_lets_it_begin_and_keeps_the_slot(runs, time):
    limit(runs, max_per_second=1)
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}") for number in range(3)])
    assert task.end().id == "r0"  # the first permit
    active = []
    task.pause = lambda seconds: (
        active.append(Line(runs.documents).active("q")),
        task.paused.append(seconds),
        time.sleep(seconds),
    )
    begun = [time.elapsed]
    while task.end() is not None:
        begun.append(time.elapsed)
    assert begun == [0.0, 1.0, 2.0]
    assert set(active) == {1}
    assert sum(task.paused) == 2.0


def test_a_rate_that_lets_nothing_begin_soon_frees_the_slot(runs, time):
    limit(runs, max_per_second=0.1)
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}") for number in range(2)])
    assert task.end().id == "r0"
    assert task.end() is None
    assert (task.done[-1].state, runs.get("r1").state) == (State.SUCCEEDED, State.PENDING)
    assert task.paused == []


def test_a_held_run_is_given_back_when_its_task_is_told_to_end(runs, time):
    task = holding(runs, time, age=5)
    task.pause = lambda _: False
    assert task.end() is None
    run = next(run for run in runs.list() if run.state is State.PENDING)
    assert (run.unclaimed, run.ready, run.due) == (0, True, time.start - timedelta(seconds=5))


def test_of_many_that_hold_runs_those_go_whose_turn_does_not_come_soon(runs, time):
    """Else a sweep would take what they hold for starts that nobody came for, and fail it."""
    task = holding(runs, time)

    def overtaken(seconds):
        time.sleep(seconds)
        assert time.elapsed < 60
        assert (
            task.drain._buckets.take(permits_of("q"), QueueLimits(max_per_second=1).rate).count == 1
        )
        return True

    task.pause = overtaken
    assert task.end() is None
    assert 4.0 <= time.elapsed <= 5.0
    held = next(run for run in runs.list() if run.state is State.PENDING)
    assert (held.unclaimed, held.attempts) == (0, ())


def test_a_held_run_that_was_cancelled_is_not_begun(runs, time):
    task = holding(runs, time)

    def cancelled(seconds):
        time.sleep(seconds)
        for run in Line(runs.documents).running("q"):
            runs.cancel(run.id)
        return True

    task.pause = cancelled
    assert task.end() is None
    assert Counter(run.state for run in runs.list()) == {State.SUCCEEDED: 2, State.CANCELLED: 1}
