"""A task leaves where others need its slot more, and passes over what is not for it."""

from __future__ import annotations

import pytest

from common.runs import (
    LeaseLost,
    Line,
    Priority,
    Queues,
    State,
    transitions,
)
from tests.runs.draining import Task
from tests.runs.making import claimed, given, limit, made

# --- when to leave


def left(task):
    """Whether it goes when it has ended its run, though something waits."""
    return task.end() is None


def test_more_urgent_work_of_another_job_makes_a_task_leave(runs, time):
    task = Task(runs, time)
    urgent = made(time.now(), "urgent", job="other", priority=Priority.HIGH)
    given(runs, [made(time.now(), "own"), urgent])
    assert left(task)
    assert runs.get("own").state is runs.get("urgent").state is State.PENDING


@pytest.mark.parametrize(("longer", "leaves"), [(59, False), (61, True)])
def test_another_jobs_run_that_has_waited_a_minute_longer_makes_a_task_leave(
    runs, time, longer, leaves
):
    task = Task(runs, time)
    given(runs, [made(time.now(), "own", age=5), made(time.now(), job="other", age=5 + longer)])
    assert left(task) is leaves
    assert (runs.get("own").state is State.PENDING) is leaves


def test_a_task_leaves_when_its_queue_is_paused(runs, time):
    task = Task(runs, time)
    given(runs, [made(time.now(), "next")])
    Queues(runs.documents).pause("q")
    assert left(task)


def test_a_lowered_limit_is_reached_as_tasks_end_their_runs(runs, time):
    limit(runs, max_concurrent=3)
    team = [Task(runs, time, number) for number in range(3)]
    given(runs, [made(time.now(), f"r{number}") for number in range(9)])
    assert [left(task) for task in team] == [False] * 3
    Queues(runs.documents).choose("q", {"max_concurrent": 1})
    time.advance(2)  # what was seen before is believed for a second
    assert [left(task) for task in team] == [True, True, False]
    assert Line(runs.documents).active("q") == 1


@pytest.mark.parametrize("age", [-1, 1000])
def test_a_task_that_lost_its_lease_takes_no_next_run(runs, time, age):
    """Nor its own, which may be the first of those that wait."""
    task = Task(runs, time)
    lost = task.run.id
    given(runs, [made(time.now(), "next", age=age)])
    time.advance(runs.lease)
    runs.rescue(runs.get(lost), "It was paused.")
    with pytest.raises(LeaseLost):
        task.end()
    assert [runs.get(id).state for id in (lost, "next")] == [State.PENDING] * 2


# --- conflicts


def test_a_candidate_that_was_cancelled_or_taken_is_passed_over(runs, time):
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}", age=9 - number) for number in range(3)])
    assert task.drain._glances.candidate(task.run).id == "r0"  # now r1 and r2 are ahead
    runs.cancel("r1")
    claimed(runs, runs.get("r2"))
    runs.apply(runs.get("r0"), lambda run: transitions.request_cancel(run, now=time.now()))
    given(runs, [made(time.now(), "r3")])
    assert task.end().id == "r3"


def test_a_run_that_was_asked_to_stop_meanwhile_is_ended_all_the_same(runs, time):
    task = Task(runs, time)
    given(runs, [made(time.now(), "next")])
    runs.cancel(task.run.id)  # which the task has not seen
    task.end()
    assert task.done[0].state is State.SUCCEEDED
