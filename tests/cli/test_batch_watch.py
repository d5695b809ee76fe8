"""Following a batch, with a ledger of which the test decides what happens between two looks."""

from __future__ import annotations

import pytest

from common.cli.batch_watch import follow_batch
from common.dispatch import Dispatcher
from common.documents import open_documents
from common.errors import InvalidInput
from common.runs import Batch, Batches, NoSuchBatch, Run, Runs, State, transitions
from tests.dispatch.stub import Stub
from tests.faults import Faulty


class Watched:
    """As much of a client as is followed by; each pause does what the test says."""

    def __init__(self, store, time, *events) -> None:
        self.documents = Faulty(store, clock=time.clock)
        self.documents._now = time.now
        self.runs, self.time, self.stub = Runs(self.documents), time, Stub()
        self.dispatcher = Dispatcher(self.runs, self.stub, clock=time.clock)
        self.events = list(events)
        pause = self.dispatcher.pause
        self.dispatcher.pause = lambda: (pause(), self.events and self.events.pop(0)())

    def submit(self, count=2, *, sealed=True, job="noop") -> None:
        now = self.time.now()
        batches = Batches(self.runs)
        batches.begin(Batch(id="b", total=count, created=now))
        for number in range(1, count + 1):
            run = Run(id=f"r{number}", job=job, queue="q", params="{}", created=now, due=now,
                      batch="b", max_attempts=2)  # fmt: skip
            self.runs.submit(run)
        if sealed:
            batches.seal("b")

    def finish(self, id, *, start=1) -> None:
        task = self.stub.launches[start - 1].runs.index(id)
        worker = self.stub.worker(start)
        run = self.runs.claim(id, type(worker)(execution=worker.execution, name="w", task=task))
        done = {"token": run.token, "now": self.time.now(), "result": "1"}
        self.runs.apply(run, lambda it: transitions.succeed(it, **done))


@pytest.fixture
def watched(tmp_path, time):
    store = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3", clock=time.clock)
    yield Watched(store, time)
    store.close()


def test_it_is_started_and_followed_until_all_have_ended(watched):
    watched.submit()
    watched.events = [lambda: watched.finish("r1"), lambda: None, lambda: watched.finish("r2")]
    found = follow_batch(watched, "b", quiet=True)
    assert (found.counts[State.SUCCEEDED], found.open, found.succeeded) == (2, 0, True)
    assert [launch.tasks for launch in watched.stub.launches] == [2]


def test_a_run_whose_task_is_gone_is_seen_to_meanwhile(watched):
    """Nobody claims its second run in time: a sweep takes it back, and it is started again."""
    watched.submit()
    finished = []

    def again() -> None:
        if len(watched.stub.launches) == 2 and not finished:
            finished.append(watched.finish("r2", start=2))

    watched.events = [lambda: watched.finish("r1"), *[again] * 10_000]
    found = follow_batch(watched, "b", quiet=True)
    assert found.succeeded
    assert watched.time.elapsed < 6 * 60


def test_a_store_that_is_away_does_not_end_it_and_is_told_once(watched, capsys):
    watched.submit(1)
    away = lambda: watched.documents.faults.extend(["unavailable"] * 5)  # noqa: E731
    watched.documents.patience = 0.0
    watched.events = [away, *[lambda: None] * 40, lambda: watched.finish("r1")]
    assert follow_batch(watched, "b", quiet=True).succeeded
    assert capsys.readouterr().err.count("It is tried again") == 1


def test_one_that_is_still_being_submitted_is_not_taken_for_ended(watched):
    watched.submit(1, sealed=False)
    seal = lambda: Batches(watched.runs).seal("b")  # noqa: E731
    watched.events = [lambda: watched.finish("r1"), *[lambda: None] * 60, seal]
    assert follow_batch(watched, "b", quiet=True).batch.sealed
    assert watched.events == []


def test_one_whose_submitter_died_is_given_up_after_a_while(watched):
    watched.submit(1, sealed=False)
    watched.events = [lambda: watched.finish("r1")]
    found = follow_batch(watched, "b", quiet=True)
    assert (found.open, found.succeeded) == (0, False)
    assert 5 * 60 <= watched.time.elapsed < 6 * 60


def test_what_will_not_pass_ends_it_with_a_sentence(watched):
    watched.submit(1, job="gone")
    with pytest.raises(InvalidInput, match="'gone'"):
        follow_batch(watched, "b", quiet=True)


def test_a_batch_that_is_not_there_is_said_to_be(watched):
    with pytest.raises(NoSuchBatch):
        follow_batch(watched, "nobody", quiet=True)
