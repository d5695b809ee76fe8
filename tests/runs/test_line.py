"""What waits, as it is read from either store: just what the pure order makes of all of it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from common.documents import open_documents
from common.runs import Line, Priority, Queue, QueueLimits, Runs
from common.runs.order import Turn, fair, lanes
from tests.runs.making import claimed, finished, given, made


def queue(name="q", **fields):
    return Queue(name=name, limits=QueueLimits(), **fields)


def naive(found, asked, count):
    """The same by reading everything."""
    picked, turns = [], {}
    for priority in sorted({run.priority for run in found}):
        group = lanes(run for run in found if run.priority == priority)
        turn = asked.turns.get(priority)
        more, turn = fair(group, count - len(picked), turn, asked.weights)
        picked += more
        if turn is not None:
            turns[priority] = turn
        if len(picked) >= count:
            break
    return picked, turns


def case(rng, name, now, most):
    """A queue, with some turns and weights, and what waits in it."""
    few = [f"t{number:03}" for number in range(rng.choice([1, 2, 5, 40, 200]))]
    size = rng.choice([0, 1, 10, 63, 64, 65, most])
    priorities = rng.choice([[2], [0, 2], [0, 1, 2, 3]])
    runs = [
        made(
            now,
            age=rng.randrange(1000) / 8,
            queue=name,
            tenant=rng.choice(few),
            priority=Priority(rng.choice(priorities)),
        )
        for _ in range(size)
    ]
    turns = {
        priority: Turn(rng.choice([*few, "t001a", ""]), rng.randrange(3))
        for priority in priorities
        if rng.random() < 0.7
    }
    weights = {tenant: rng.randrange(1, 5) for tenant in few if rng.random() < 0.3}
    return queue(name, turns=turns, weights=weights), runs


def test_what_goes_next_is_what_the_order_says_of_all_that_waits(runs, documents_url):
    """120 queues of up to 300 runs in SQLite, each asked six times; 6 of up to 130 in Firestore."""
    here = documents_url.startswith("sqlite")
    for number in range(120 if here else 6):
        rng = random.Random(number)  # noqa: S311 - the same cases each time
        asked, waiting = case(rng, f"q{number}", runs.documents.now(), 300 if here else 130)
        given(runs, waiting)
        for count in (0, 1, 5, 31, 64, 400) if here else (9, 400):
            found = Line(runs.documents).next(asked, count)
            picked, turns = naive(waiting, asked, count)
            assert [run.id for run in found.runs] == [run.id for run in picked], (number, count)
            assert {**asked.turns, **found.turns} == {**asked.turns, **turns}


def test_the_more_urgent_go_first_however_long_others_have_waited(runs):
    now = runs.documents.now()
    waiting = [
        made(now, f"p{p}-{n}", age=100 * p + n, priority=p) for p in Priority for n in (1, 2)
    ]
    given(runs, waiting)
    found = [run.id for run in Line(runs.documents).next(queue(), 8).runs]
    assert found == ["p0-2", "p0-1", "p1-2", "p1-1", "p2-2", "p2-1", "p3-2", "p3-1"]


@pytest.fixture
def crowd(tmp_path, time):
    """10,000 runs of one tenant, submitted before anybody else's."""
    store = open_documents(f"sqlite:///{tmp_path}/crowd.sqlite3", clock=time.clock)
    runs = Runs(store)
    given(runs, (made(time.now(), age=9, tenant="crowd") for _ in range(10_000)))
    yield runs
    store.close()


def test_ten_thousand_runs_of_a_tenant_make_anothers_one_wait_for_one_start(crowd, time):
    given(crowd, [made(time.now(), "lone", tenant="lone")])
    for turn in ({}, {2: Turn("crowd")}, {2: Turn("lone")}, {2: Turn("zoe")}, {2: Turn("a")}):
        found = Line(crowd.documents).next(queue(turns=turn), 4).runs
        assert [run.id for run in found].index("lone") <= 1


def test_a_thousand_tenants_each_get_their_start_before_the_crowd_gets_its_second(crowd, time):
    given(crowd, (made(time.now(), tenant=f"t{n:03}") for n in range(1000)))
    started, turns = Counter(), {}
    for _ in range(10):
        found = Line(crowd.documents).next(queue(turns=turns), 100)
        started.update(run.tenant for run in found.runs)
        turns = found.turns
        for run in found.runs:
            finished(crowd, claimed(crowd, run))
    assert (started.total(), started["crowd"], max(started.values())) == (1000, 1, 1)


def test_what_is_due_later_takes_its_place_when_its_time_has_come(runs, time):
    line, now = Line(runs.documents), time.now()
    given(runs, [made(now, f"r{n}", age=-10.0 * n) for n in range(4)])
    assert [run.id for run in line.next(queue(), 9).runs] == ["r0"]
    assert line.soonest("q").id == "r1"
    time.advance(20)
    line.ripen("q", time.now())
    assert [run.id for run in line.next(queue(), 9).runs] == ["r0", "r1", "r2"]
    assert line.soonest("q").id == "r3"
    line.ripen("q", time.now() + timedelta(days=400))
    assert line.soonest("q") is None


def test_many_ripen_at_once(runs, time, documents_url):
    size = 1000 if documents_url.startswith("sqlite") else 410
    given(runs, [made(time.now(), age=-1) for _ in range(size)])
    time.advance(1)
    Line(runs.documents).ripen("q", time.now())
    depth = Line(runs.documents).depth("q")
    assert (depth.ready, depth.later, depth.active) == (size, 0, 0)


def test_a_queues_depth_tells_what_waits_what_is_due_later_and_what_is_active(runs, time):
    now, line = time.now(), Line(runs.documents)
    given(runs, [made(now, f"r{n}", age=float(n)) for n in range(4)])
    given(runs, [made(now, "later", age=-5), made(now, "other", queue="q2")])
    runs.reserve([runs.get("r0")])
    claimed(runs, runs.get("r1"))
    finished(runs, claimed(runs, runs.get("r2")))
    depth = line.depth("q")
    assert (depth.ready, depth.later, depth.active) == (1, 1, 2)
    assert line.active("q") == 2
    assert sorted(run.id for run in line.running("q")) == ["r0", "r1"]
    assert line.oldest("q").id == "r3"


def test_only_queues_in_which_something_has_not_ended_are_listed(runs, time):
    now = time.now()
    for name, age in (("a", 0), ("a-b", -5), ("b", 0), ("c", 0)):
        given(runs, [made(now, f"in-{name}", age=age, queue=name)])
    finished(runs, claimed(runs, runs.get("in-b")))
    claimed(runs, runs.get("in-c"))
    assert Line(runs.documents).queues() == ["a", "a-b", "c"]


def test_a_turn_is_kept_by_priority(runs, time):
    now = time.now()
    given(runs, [made(now, f"{t}{p}", tenant=t, priority=p) for t in "ab" for p in (0, 2)])
    asked = queue(turns={0: Turn("a"), 2: Turn("b")})
    found = Line(runs.documents).next(asked, 3)
    assert [run.id for run in found.runs] == ["b0", "a0", "a2"]
    assert found.turns == {0: Turn("a"), 2: Turn("a")}
    assert replace(asked, turns=found.turns).turns[2] == Turn("a")
