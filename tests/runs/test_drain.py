"""From one run to the next in the same task: the slot is handed on, and nothing else is taken."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from common.documents import Query
from common.runs import (
    Failure,
    Line,
    Queues,
    Refused,
    Runs,
    State,
    Worker,
    transitions,
)
from tests.faults import Faulty
from tests.runs.draining import Task
from tests.runs.making import given, made, succeeded


def test_the_next_run_is_claimed_by_the_commit_that_ends_the_one_before(runs, time):
    counting = Faulty(runs.documents)
    task = Task(Runs(counting), time)
    given(runs, [made(time.now(), "next")])
    counting.calls.clear()
    run = task.end()
    assert counting.calls.count("commit") == 1
    assert (run.id, run.state, run.attempts[0].worker) == ("next", State.RUNNING, task.worker)
    assert run == runs.get("next")
    assert task.done[0].state is State.SUCCEEDED
    assert task.end() is None
    assert Line(runs.documents).active("q") == 0


def test_a_task_that_may_not_go_on_ends_its_run_by_the_last_step_and_takes_none(runs, time):
    task = Task(runs, time, may_go_on=lambda: False)
    given(runs, [made(time.now(), "next")])
    ended = task.drain.hand_over(
        task.run, lambda _: pytest.fail("not the last"), last=lambda it: succeeded(it, time.now())
    )
    assert ended.state is State.SUCCEEDED
    assert task.drain.claim(task.pause) is None
    assert runs.get("next").state is State.PENDING


def test_a_run_that_failed_does_not_keep_the_next_one_and_comes_again_itself(runs, time):
    task = Task(runs, time)
    given(runs, [made(time.now(), "next")])
    error, wait = Failure(type="E", message="no", retryable=True), timedelta(seconds=5)
    first = task.run
    run = task.end(
        lambda it: transitions.fail(
            it, token=first.token, now=time.now(), error=error, retry_in=wait
        )
    )
    assert run.id == "next"
    failed = runs.get(first.id)
    assert (failed.state, failed.failures, failed.due) == (State.PENDING, 1, time.now() + wait)


@pytest.mark.parametrize(("each", "off"), [(0.001, 2), (0.2, 0), (3.0, 0)])
def test_while_a_task_drains_tenants_take_turns_by_their_weights(runs, time, each, off):
    """However long its runs last; fast ones are taken out of order as far as one look goes."""
    Queues(runs.documents).weigh("q", "heavy", 3)
    for tenant in ("heavy", "light"):
        given(runs, [made(time.now(), tenant=tenant, age=1) for _ in range(40)])
    task = Task(runs, time)
    task.work(each=each, most=25)
    started = Counter(run.tenant for run in task.done[1:])
    assert started.total() == 24
    assert abs(started["heavy"] - 18) <= off


def test_a_lone_run_comes_next_but_one_while_a_task_drains_anothers_thousand(runs, time):
    given(runs, [made(time.now(), tenant="crowd", age=9) for _ in range(1000)])
    task = Task(runs, time)
    for number in range(12):
        given(runs, [made(time.now(), f"lone-{number}", tenant="lone")])
        before = len(task.done)
        time.advance(1)
        while f"lone-{number}" not in [run.id for run in task.done]:
            task.end()
        assert len(task.done) - before <= 3


def test_slow_runs_are_worked_on_oldest_first(runs, time):
    ids = [f"r{number}" for number in range(12)]
    given(runs, [made(time.now(), id, age=50 - at) for at, id in enumerate(ids)])
    assert Task(runs, time).work(each=2)[1:] == ids


def test_many_tasks_that_drain_at_once_do_each_run_once(open_store, time, documents_url):
    """8 threads and 300 runs in SQLite, 3 and 12 in Firestore."""
    tasks, size = (8, 300) if documents_url.startswith("sqlite") else (3, 12)
    stores = [open_store(patience=60) for _ in range(tasks)]
    runs = Runs(stores[0])
    now = runs.documents.now()
    given(runs, [made(now) for _ in range(size)])
    team = [
        Task(Runs(store), time, n, first=given(runs, [made(now, age=99)])[0])
        for n, store in enumerate(stores)
    ]
    for task in team:
        task.drain._glances._clock = task.drain._clock = runs.documents._clock
        task.time = Wall(task.runs)

    def work(task):
        while task.run is not None or task.runs.documents.query(ready()):
            if task.run is None:  # it had too many conflicts
                task.run = again(task)
            if task.run is not None:
                task.end()

    threads = [threading.Thread(target=work, args=[task]) for task in team]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = runs.list()
    assert len(found) == size + tasks
    assert {run.state for run in found} == {State.SUCCEEDED}
    assert {len(run.attempts) for run in found} == {1}


class Wall:
    """The store's time as a task's."""

    def __init__(self, runs):
        self._runs = runs

    def now(self):
        return self._runs.documents.now()


def ready():
    return Query("runs", where=(("place", "==", "q ready"),), limit=1)


def again(task):
    with suppress(Refused):
        found = task.runs.documents.query(ready())
        return task.runs.claim(found[0].id, Worker(execution=None, name="again")) if found else None
    return None
