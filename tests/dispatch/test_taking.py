"""No more is taken from a queue than its limits let, on either store."""

from __future__ import annotations

from itertools import pairwise

import pytest

from common.dispatch.taking import Taking
from common.errors import Unavailable
from common.runs import (
    Line,
    Priority,
    Queues,
    Runs,
    Worker,
)
from tests.dispatch.history import most_within
from tests.faults import FAULTS, Faulty
from tests.runs.making import claimed, finished, given, limit, made


@pytest.fixture
def taking(runs, time):
    return Taking(runs, Queues(runs.documents), clock=time.clock)


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


def test_taking_leaves_what_somebody_set_of_a_queue_as_it_is(runs, taking, time):
    given(runs, [made(time.now(), tenant="t") for _ in range(2)])
    taking.queues.choose("q", {"max_concurrent": 1})
    taking.queues.weigh("q", "t", 3)
    taking.take("q")
    queue = taking.queues.get("q")
    assert (queue.limits.max_concurrent, queue.weights, queue.paused) == (1, {"t": 3}, False)
    assert queue.turns[Priority.NORMAL].left == 2


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


# --- overtaken


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
