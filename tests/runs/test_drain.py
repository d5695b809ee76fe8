"""From one run to the next in the same task: the slot is handed on, and nothing else is taken."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from common.documents import Query
from common.errors import Unavailable
from common.runs import (
    Drain,
    Failure,
    LeaseLost,
    Line,
    Priority,
    QueueLimits,
    Queues,
    Refused,
    Runs,
    State,
    Worker,
    transitions,
)
from common.runs.queues import permits_of
from tests.faults import FAULTS, Faulty
from tests.runs.making import claimed, given, made, succeeded


@pytest.fixture
def runs(documents, time):
    return Runs(time.rule(documents))


class Task:
    """A task of an execution that was started for one run, and what it has worked on."""

    def __init__(self, runs, time, number=0, *, first=None, **options):
        self.runs, self.time = runs, time
        first = first or given(runs, [made(time.now(), age=99)])[0]
        (self.execution,) = runs.reserve([runs.get(first.id)])
        self.worker = Worker(execution=self.execution.id, name=f"noop-{number}", task=0)
        self.drain = Drain(runs, self.worker, clock=time.clock, **options)
        self.run = claimed(runs, first, self.worker)
        self.done = []
        self.paused = []

    def end(self, step=None):
        """End the run in hand, and go on to the next one, if there is one."""
        run, self.run = self.run, None
        step = step or (lambda it: succeeded(it, self.time.now()))
        self.done.append(self.drain.hand_over(run, step))
        self.run = self.drain.claim(self.pause)
        return self.run

    def pause(self, seconds):
        self.paused.append(seconds)
        self.time.sleep(seconds)
        return True

    def work(self, *, each=0.0, most=10_000):
        """Work until there is nothing left; returns the ids in their order."""
        for _ in range(most):
            if self.run is None:
                break
            self.time.advance(each)
            self.end()
        return [run.id for run in self.done]


def limit(runs, **limits):
    Queues(runs.documents).declare("q", QueueLimits(**limits))


# --- what comes next


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


# --- the queue's rate


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
    limit(runs, max_per_second=1)
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}", age=5) for number in range(2)])
    task.end()
    task.pause = lambda _: False
    assert task.end() is None
    run = next(run for run in runs.list() if run.state is State.PENDING)
    assert (run.unclaimed, run.ready, run.due) == (0, True, time.start - timedelta(seconds=5))


def test_of_many_that_hold_runs_those_go_whose_turn_does_not_come_soon(runs, time):
    """Else a sweep would take what they hold for starts that nobody came for, and fail it."""
    limit(runs, max_per_second=1)
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}") for number in range(2)])
    task.end()

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
    limit(runs, max_per_second=1)
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}") for number in range(2)])
    task.end()

    def cancelled(seconds):
        time.sleep(seconds)
        for run in Line(runs.documents).running("q"):
            runs.cancel(run.id)
        return True

    task.pause = cancelled
    assert task.end() is None
    assert Counter(run.state for run in runs.list()) == {State.SUCCEEDED: 2, State.CANCELLED: 1}


# --- a failing store, and the end of the process


@pytest.mark.parametrize("fault", FAULTS)
def test_whichever_call_fails_each_run_is_worked_on_once(runs, time, fault, documents_url):
    """Each call of a hand-over in turn, the commit also after it was applied; one in Firestore."""
    for position in range(5) if documents_url.startswith("sqlite") else [3]:
        faulty = Faulty(runs.documents)
        task = Task(Runs(faulty), time)
        given(runs, [made(time.now(), f"{fault}-{position}-{n}") for n in range(2)])
        faulty.faults.extend([*[None] * position, fault])
        assert len(task.work()) == 3
    assert {(run.state, len(run.attempts)) for run in runs.list()} == {(State.SUCCEEDED, 1)}


@pytest.mark.parametrize("applied", [False, True])
def test_where_the_commits_outcome_stays_unknown_no_run_has_two_owners_and_none_is_lost(
    runs, time, applied
):
    faulty = Faulty(runs.documents)
    task = Task(Runs(faulty), time)
    first = task.run.id
    given(runs, [made(time.now(), "next")])
    commits = iter(["lost" if applied else "unavailable"])
    inner = faulty._commit

    def commit(writes, token):
        faulty.faults.extend([next(commits, "unavailable")])
        return inner(writes, token)

    faulty._commit = commit
    with pytest.raises(Unavailable):
        task.end()
    assert (runs.get(first).state is State.SUCCEEDED) is applied
    time.advance(runs.lease)
    for run in runs.overdue():
        runs.rescue(run, "Its process is gone.")
    states = {runs.get(id).state for id in (first, "next")}
    assert states <= {State.SUCCEEDED, State.PENDING}
    assert runs.get("next").state is State.PENDING


def test_the_end_of_a_process_costs_only_the_run_in_hand(runs, time):
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}", age=5 - number) for number in range(3)])
    task.end()
    task.end()
    in_hand, task = task.run.id, None
    time.advance(runs.lease)
    rescued = [runs.rescue(run, "It was killed.").id for run in runs.overdue()]
    assert rescued == [in_hand] == ["r1"]
    assert [len(runs.get(id).attempts) for id in ("r0", "r1", "r2")] == [1, 1, 0]
