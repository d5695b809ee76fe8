"""Limits hold however many take from a queue at once, on either store."""

from __future__ import annotations

import subprocess
import sys
import threading

from common.dispatch.taking import Taking
from common.documents import open_documents
from common.runs import (
    Drain,
    Line,
    Queues,
    Runs,
    State,
    Worker,
    transitions,
)
from tests.dispatch.history import begins, most_at_once, most_within
from tests.runs.making import claimed, finished, given, limit, made


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
