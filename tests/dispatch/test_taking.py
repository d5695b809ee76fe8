"""Limits hold over executions, however many take from a queue at once, on either store."""

from __future__ import annotations

import subprocess
import sys
import threading
from itertools import pairwise

import pytest

from common.dispatch.taking import Taking
from common.documents import open_documents
from common.errors import Unavailable
from common.runs import (
    Drain,
    Line,
    Priority,
    QueueLimits,
    Queues,
    Runs,
    State,
    Worker,
    transitions,
)
from tests.dispatch.history import begins, most_at_once, most_within
from tests.faults import FAULTS, Faulty
from tests.runs.making import claimed, finished, given, made


@pytest.fixture
def runs(documents, time):
    return Runs(time.rule(documents))


@pytest.fixture
def taking(runs, time):
    return Taking(runs, Queues(runs.documents), clock=time.clock)


def limit(runs, **limits):
    Queues(runs.documents).declare("q", QueueLimits(**limits))


def ids(taken):
    return [run.id for run in taken.runs]


# --- limits


def test_no_more_are_taken_than_there_are_slots(runs, taking, time):
    limit(runs, max_concurrent=3)
    given(runs, [made(time.now(), f"r{n}", age=9 - n) for n in range(5)])
    assert ids(taking.take("q")) == ["r0", "r1", "r2"]
    assert ids(taking.take("q")) == []
    worker = Worker(execution=runs.get("r1").execution, name="noop-1", task=1)
    finished(runs, claimed(runs, runs.get("r1"), worker))
    assert ids(taking.take("q")) == ["r3"]


def test_what_can_run_where_it_is_run_is_a_limit_too(runs, time):
    limit(runs, max_concurrent=3)
    given(runs, [made(time.now()) for _ in range(5)])
    taking = Taking(runs, Queues(runs.documents), capacity=2, clock=time.clock)
    assert len(ids(taking.take("q"))) == 2


def test_nothing_is_taken_from_a_paused_queue_until_it_is_resumed(runs, taking, time):
    given(runs, [made(time.now(), "r1")])
    taking.queues.pause("q")
    assert ids(taking.take("q")) == []
    taking.queues.pause("q", paused=False)
    assert ids(taking.take("q")) == ["r1"]


def test_a_limit_can_be_changed_at_run_time(runs, taking, time):
    limit(runs, max_concurrent=4)
    given(runs, [made(time.now(), age=n) for n in range(9)])
    assert len(ids(taking.take("q"))) == 4
    taking.queues.choose("q", {"max_concurrent": 2})
    first = Line(runs.documents).running("q")
    for at, run in enumerate(first):
        finished(runs, claimed(runs, run, Worker(execution=run.execution, name="n", task=run.task)))
        assert len(ids(taking.take("q"))) == (1 if at == 2 else 0 if at < 2 else 1)
    assert Line(runs.documents).active("q") == 2


def test_what_was_chosen_goes_before_what_is_declared_and_that_before_the_defaults(taking):
    queues = taking.queues
    assert queues.get("q").limits == QueueLimits()
    assert queues.get("io-tasks").limits == QueueLimits(max_concurrent=50, max_per_second=10)
    queues.declare("io-tasks", QueueLimits(max_concurrent=7))
    assert queues.get("io-tasks").limits == QueueLimits(max_concurrent=7)
    chosen = queues.choose("io-tasks", {"max_per_second": 2.5})
    assert chosen.limits == QueueLimits(max_concurrent=7, max_per_second=2.5)
    queues.declare("io-tasks", QueueLimits(max_concurrent=8))
    assert queues.get("io-tasks").limits == QueueLimits(max_concurrent=8, max_per_second=2.5)
    assert queues.choose("io-tasks", {}).limits == QueueLimits(max_concurrent=8)


def test_taking_leaves_what_somebody_set_of_a_queue_as_it_is(runs, taking, time):
    given(runs, [made(time.now(), tenant="t") for _ in range(2)])
    taking.queues.choose("q", {"max_concurrent": 1})
    taking.queues.weigh("q", "t", 3)
    taking.take("q")
    queue = taking.queues.get("q")
    assert (queue.limits.max_concurrent, queue.weights, queue.paused) == (1, {"t": 3}, False)
    assert queue.turns[Priority.NORMAL].left == 2


def test_two_that_set_something_at_once_both_have_it(runs, taking, monkeypatch):
    queues, commit = taking.queues, runs.documents._commit_as

    def overtaken(token, writes):
        monkeypatch.setattr(runs.documents, "_commit_as", commit)
        queues.choose("q", {"max_concurrent": 4})
        queues.weigh("q", "other", 2)
        return commit(token, writes)

    monkeypatch.setattr(runs.documents, "_commit_as", overtaken)
    assert queues.choose("q", {"burst": 3}).chosen == {"max_concurrent": 4, "burst": 3}


def test_a_rate_is_held_over_any_stretch_of_time_and_the_wait_for_the_next_is_told(
    runs, taking, time
):
    limit(runs, max_concurrent=None, max_per_second=4, burst=2)
    runs.documents.pace = 0.0
    given(runs, [made(time.now()) for _ in range(20)])
    started = []
    while len(started) < 20:
        taken = taking.take("q")
        started += [time.elapsed] * len(taken.runs)
        time.advance(taken.wait or 0.01)
    for seconds in (0.5, 1, 2, 4):
        assert most_within(started, seconds) <= 4 * seconds + 2
    assert started[-1] <= 18 / 4 + 0.6


# --- several at once


class Crew:
    """Threads, each with a store of its own, that take, work on what they took, and end it."""

    def __init__(self, open_store, size, *, drains=False):
        self.stores = [open_store(patience=60) for _ in range(size)]
        self.samples, self.failures, self.drains = [], [], drains
        for store in self.stores:
            store.pace = 0.0

    def work(self, store):
        try:
            runs = Runs(store)
            taking = Taking(runs, Queues(store))
            while True:
                taken = taking.take("q")
                self.samples.append(taking.line.active("q"))
                for execution in taken.executions:
                    self.end_all(runs, execution)
                if not taken.runs and not taking.line.depth("q").ready:
                    return
        except Exception as error:  # noqa: BLE001 - reported below
            self.failures.append(error)

    def end_all(self, runs, execution):
        for task, id in enumerate(execution.runs):
            worker = Worker(execution=execution.id, name=execution.id, task=task)
            self.perform(runs, worker, claimed(runs, runs.get(id), worker))

    def perform(self, runs, worker, run):
        if not self.drains:
            finished(runs, run)
            return
        drain = Drain(runs, worker)
        while run is not None:
            token = run.token
            drain.hand_over(run, lambda it, token=token: ended(it, token, runs.documents.now()))
            self.samples.append(Line(runs.documents).active("q"))
            run = drain.claim(lambda _: False)

    def run(self):
        threads = [threading.Thread(target=self.work, args=[store]) for store in self.stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert self.failures == []


def ended(run, token, now):
    return transitions.succeed(run, token=token, now=now, result="1")


def is_here(url):
    return url.startswith("sqlite")


def test_however_many_dispatchers_take_at_once_a_limit_holds(open_store, documents_url):
    """8 threads and 400 runs in SQLite, 3 and 12 in Firestore."""
    size, count = (8, 400) if is_here(documents_url) else (3, 12)
    crew = Crew(open_store, size)
    runs = Runs(crew.stores[0])
    limit(runs, max_concurrent=5)
    given(runs, [made(runs.documents.now()) for _ in range(count)])
    crew.run()
    found = runs.list()
    assert {(run.state, len(run.attempts)) for run in found} == {(State.SUCCEEDED, 1)}
    assert most_at_once(found) <= 5
    assert max(crew.samples) <= 5


def test_while_tasks_drain_and_dispatchers_take_a_limit_holds(open_store, documents_url):
    """8 threads and 400 runs in SQLite, 3 and 20 in Firestore."""
    size, count = (8, 400) if is_here(documents_url) else (3, 20)
    crew = Crew(open_store, size, drains=True)
    runs = Runs(crew.stores[0])
    limit(runs, max_concurrent=4)
    given(runs, [made(runs.documents.now()) for _ in range(count)])
    crew.run()
    found = runs.list()
    assert {(run.state, len(run.attempts)) for run in found} == {(State.SUCCEEDED, 1)}
    assert most_at_once(found) <= 4
    assert max(crew.samples) <= 4
    drained = [run for run in found if run.attempts[0].reserved is None]
    assert len(drained) > count / 4


def test_however_many_dispatchers_take_at_once_a_rate_holds(open_store, documents_url):
    size, count = (6, 60) if is_here(documents_url) else (3, 12)
    crew = Crew(open_store, size)
    runs = Runs(crew.stores[0])
    limit(runs, max_concurrent=None, max_per_second=40, burst=10)
    given(runs, [made(runs.documents.now()) for _ in range(count)])
    crew.run()
    times = begins(runs.list())
    assert len(times) == count
    for seconds in (0.1, 0.25, 0.5, 1.0):
        assert most_within(times, seconds) <= 40 * seconds + 10 + 1


def test_real_processes_that_take_at_once_keep_the_limit_and_take_each_run_once(tmp_path):
    """4 processes, 200 runs."""
    url = f"sqlite:///{tmp_path}/documents.sqlite3"
    documents = open_documents(url)
    runs = Runs(documents)
    limit(runs, max_concurrent=3)
    given(runs, [made(documents.now()) for _ in range(200)])
    command = [sys.executable, "-m", "tests.dispatch.taker", url, "q"]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen([*command, f"taker-{n}"], stdin=pipe, stdout=pipe, text=True)
        for n in range(4)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 4
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0] * 4
    found = runs.list()
    documents.close()
    assert {(run.state, len(run.attempts)) for run in found} == {(State.SUCCEEDED, 1)}
    assert most_at_once(found) <= 3
    assert len({run.attempts[0].worker.name for run in found}) > 1


def test_one_that_was_overtaken_counts_again(runs, taking, time, monkeypatch):
    """Whoever commits between its count and its commit makes it see the slot that is gone."""
    limit(runs, max_concurrent=1)
    given(runs, [made(time.now(), f"r{n}", age=9 - n) for n in range(3)])
    other, reserve = Taking(runs, taking.queues, clock=time.clock), runs.reserve

    def overtaken(*arguments, **options):
        monkeypatch.setattr(runs, "reserve", reserve)
        assert ids(other.take("q")) == ["r0"]
        return reserve(*arguments, **options)

    monkeypatch.setattr(runs, "reserve", overtaken)
    assert ids(taking.take("q")) == []
    assert Line(runs.documents).active("q") == 1


def test_one_that_lost_a_race_for_a_run_takes_others(runs, taking, time, monkeypatch):
    """A task that drains takes runs without writing the queue."""
    given(runs, [made(time.now(), f"r{n}", age=9 - n) for n in range(3)])
    reserve = runs.reserve

    def overtaken(*arguments, **options):
        monkeypatch.setattr(runs, "reserve", reserve)
        claimed(runs, runs.get("r0"))
        return reserve(*arguments, **options)

    monkeypatch.setattr(runs, "reserve", overtaken)
    taken = ids(taking.take("q"))
    assert taken
    assert set(taken) <= {"r1", "r2"}


# --- how often the queue's document is written


class Counting(Faulty):
    """Tells when each document of a collection was written."""

    def __init__(self, inner, time):
        super().__init__(inner)
        self.time, self.written = time, []

    def _commit(self, writes, token):
        versions = super()._commit(writes, token)
        found = [write for write in writes if write.collection == "queues"]
        self.written += [(self.time.elapsed, write.id) for write in found]
        return versions


def test_under_load_a_queues_document_is_written_about_once_a_second(runs, time):
    """Three dispatchers, 900 runs of which as many are taken as one commit holds."""
    counting = Counting(runs.documents, time)
    counting.pace = 1.0
    ledger = Runs(counting)
    limit(ledger, max_concurrent=None)
    counting.written.clear()
    given(ledger, [made(time.now(), f"r{n:03}", age=2000 - n) for n in range(900)])
    crew = [Taking(ledger, Queues(counting), clock=time.clock) for _ in range(3)]
    taken = [id for _ in range(4) for taking in crew for id in ids(taking.take("q"))]
    assert taken == [f"r{n:03}" for n in range(900)]  # waiting does not cost the order
    times = [at for at, _ in counting.written]
    assert len(times) == 3
    assert all(later - at >= 1.0 for at, later in pairwise(times))


# --- a store that fails


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("position", range(5))
def test_whichever_call_fails_each_run_is_taken_once(runs, time, fault, position):
    limit(runs, max_concurrent=2)
    given(runs, [made(time.now(), f"r{n}", age=9 - n) for n in range(3)])
    faulty = Faulty(runs.documents, [*[None] * position, fault])
    taken = Taking(Runs(faulty), Queues(faulty), clock=time.clock).take("q")
    assert ids(taken) == ["r0", "r1"]
    assert len({runs.get(id).execution for id in ids(taken)}) == 1
    assert Line(runs.documents).active("q") == 2


def test_where_the_commits_outcome_stays_unknown_the_limit_holds_all_the_same(runs, taking, time):
    limit(runs, max_concurrent=2)
    given(runs, [made(time.now(), f"r{n}") for n in range(5)])
    faulty = Faulty(runs.documents, patience=0.0)
    inner = faulty._commit

    def lost(writes, token):
        faulty.faults.append("lost")
        return inner(writes, token)

    faulty._commit = lost
    with pytest.raises(Unavailable):
        Taking(Runs(faulty), Queues(faulty), clock=time.clock).take("q")
    assert Line(runs.documents).active("q") == 2
    assert ids(taking.take("q")) == []
    (unknown,) = runs.uncertain(time.now() + runs.lease)
    assert len(unknown.runs) == 2
