"""Batches within batches, on each store: the inner one counts in the outer, which waits for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest

from common.documents import Update
from common.runs import Batch, Batches, Failure, NoSuchBatch, Runs, State, Then, transitions
from common.runs.batch import BatchCancelled
from common.runs.members import BATCHES
from common.runs.purging import purge
from common.runtime.offspring import Offspring
from common.runtime.results import results
from tests.faults import Faulty
from tests.runs.making import claimed, finished, given, made

AFTER = Then(job="noop", params='{"of":"{batch}"}', queue="q")


@pytest.fixture
def runs(documents, time):
    return Runs(time.rule(documents))


@pytest.fixture
def batches(runs):
    return Batches(runs)


@pytest.fixture
def outer(runs, batches):
    """The only run of a batch that something follows, at work."""
    return begun(runs, batches)


def begun(runs, batches, id="outer", *, then=AFTER, **fields):
    now, fields = runs.documents.now(), {"tenant": "t", **fields}
    open = then is not None
    batches.begin(Batch(id=id, total=1, created=now, then=then, open=open, tenant="t"))
    run = made(now, f"{id}-0", batch=id, awaited=open, **fields)
    given(runs, [run])
    batches.seal(id)
    return claimed(runs, run)


def bear(runs, parent, number=2, *, key="inner", then=None):
    """A batch that the run submits within its own."""
    family = Offspring(SimpleNamespace(runs=runs, documents=runs.documents, look_at=ignore), parent)
    return family.submit_many("noop", [{}] * number, key=key, then=then, within=True)


def half_bear(runs, parent, number=2, *, then=None):
    """The same by one who dies before it is said that all are there."""
    seals, Batches.seal = Batches.seal, ignore
    try:
        return bear(runs, parent, number, then=then)
    finally:
        Batches.seal = seals


def ignore(*_args):
    """Nothing is done."""


def end(runs, run):
    """Let it succeed, and do what whoever ends a run does."""
    if run.state is not State.RUNNING:
        run = claimed(runs, run)
    ended = finished(runs, run)
    return Batches(runs).continue_one(ended.batch) if ended.awaited else None


def fail(runs, run):
    run = run if run.state is State.RUNNING else claimed(runs, run)
    error = Failure(type="E", message="no", retryable=False)
    now = runs.documents.now
    runs.apply(
        run,
        lambda it: transitions.fail(it, token=run.token, now=now(), error=error, retry_in=None),
    )
    return Batches(runs).continue_one(run.batch)


def of(runs, id):
    return runs.list({"batch": id})


def after(runs, id):
    return [run for run in runs.list() if run.parent == id]


class Meddled(Faulty):
    """Others do something before the calls of these numbers."""

    def meddle(self, acts):
        self.acts, self.seen = acts, []

    def _call(self, name, call):
        self.seen.append(name)
        act = self.acts.get(len(self.seen))
        if act:
            act()
        return super()._call(name, call)


# --- the outer one waits


def test_the_outer_batch_is_continued_when_the_inner_one_has_ended(runs, outer):
    inner = bear(runs, outer)
    assert end(runs, outer) is None
    first, second = of(runs, inner)
    assert end(runs, first) is None
    assert after(runs, "outer") == []
    last = end(runs, second)
    assert (last.parent, last.batch) == ("outer", None)
    assert [run.id for run in after(runs, "outer")] == [last.id]


def test_it_is_continued_by_whoever_ends_last_be_it_the_outer_ones_own_run(runs, outer):
    inner = bear(runs, outer)
    for run in of(runs, inner):
        assert end(runs, run) is None
    assert end(runs, outer).parent == "outer"


def test_what_follows_the_inner_batch_belongs_to_the_outer_which_waits_for_it(runs, outer):
    inner = bear(runs, outer, 1, then=AFTER)
    assert end(runs, outer) is None
    (run,) = of(runs, inner)
    follows = end(runs, run)
    assert (follows.parent, follows.batch, follows.awaited, follows.root) == (
        inner,
        "outer",
        True,
        None,
    )
    assert after(runs, "outer") == []
    assert end(runs, follows).parent == "outer"


def test_what_follows_may_begin_another_batch_and_so_on(runs, batches, outer):
    inner = bear(runs, outer, 1, then=AFTER)
    end(runs, outer)
    for step in range(3):
        follows = end(runs, of(runs, inner)[0])
        assert follows.batch == "outer"
        inner = bear(runs, follows, 1, key=f"step {step}", then=AFTER)
        assert end(runs, follows) is None
        assert after(runs, "outer") == []
    last = end(runs, of(runs, inner)[0])
    assert end(runs, last).parent == "outer"
    assert sum(batches.counts("outer").values()) == 9


def test_batches_are_within_each_other_to_any_depth(runs, batches, outer):
    middle = bear(runs, outer, 1, then=AFTER)
    (run,) = of(runs, middle)
    inner = bear(runs, claimed(runs, run), 2)
    assert {(each.root, each.batch) for each in of(runs, inner)} == {("outer", inner)}
    assert [sum(batches.counts(id).values()) for id in ("outer", middle, inner)] == [4, 3, 2]
    assert len(of(runs, middle)) == 3
    end(runs, outer)
    end(runs, runs.get(run.id))
    first, second = of(runs, inner)
    assert end(runs, first) is None
    assert after(runs, middle) == []
    follows = end(runs, second)
    assert (follows.parent, follows.batch) == (middle, "outer")
    assert end(runs, follows).parent == "outer"


def test_runs_that_failed_in_the_inner_batch_have_ended_too(runs, outer):
    inner = bear(runs, outer)
    end(runs, outer)
    first, second = of(runs, inner)
    assert fail(runs, first) is None
    assert fail(runs, second).parent == "outer"


def test_a_child_may_belong_to_its_parents_batch(runs, outer):
    family = Offspring(SimpleNamespace(runs=runs, documents=runs.documents, look_at=ignore), outer)
    child = family.submit("noop", {}, key=None, delay=timedelta(), then=None, within=True)
    assert runs.get(child).batch == "outer"
    assert end(runs, outer) is None
    assert end(runs, runs.get(child)).parent == "outer"


def test_within_says_nothing_for_a_run_of_no_batch(runs, batches):
    (run,) = given(runs, [made(runs.documents.now(), "alone")])
    inner = bear(runs, claimed(runs, run))
    assert batches.get(inner).within is None
    assert {(each.root, each.awaited) for each in of(runs, inner)} == {(None, False)}


def test_without_asking_for_it_a_batch_is_within_none(runs, batches, outer):
    family = Offspring(SimpleNamespace(runs=runs, documents=runs.documents, look_at=ignore), outer)
    other = family.submit_many("noop", [{}], key=None, then=None)
    assert batches.get(other).within is None
    assert end(runs, outer).parent == "outer"


# --- as a whole


def test_the_outer_batch_counts_and_lists_the_inner_ones_newest_first(runs, batches, time):
    outer = begun(runs, batches, then=None)
    ids = ["outer-0"]
    for key in ("a", "b"):
        time.advance(1)
        inner = bear(runs, outer, 3, key=key)
        ids = [run.id for run in of(runs, inner)] + ids
    time.advance(1)
    assert [run.id for run in of(runs, "outer")] == ids
    assert batches.counts("outer") == {**dict.fromkeys(State, 0), "pending": 6, "running": 1}
    paged, last = [], None
    while found := runs.list({"batch": "outer", "tenant": "t"}, limit=2, after=last):
        last = found[-1]
        paged += [run.id for run in found]
    assert paged == ids
    assert {found.id for found in results(runs, "outer", job="noop")} == set(ids)
    assert [*results(runs, "outer", tenant="other")] == []


def test_an_outer_batch_that_nothing_follows_has_one_all_the_same(runs, batches):
    outer = begun(runs, batches, then=None)
    inner = bear(runs, outer, 1, then=AFTER)
    end(runs, outer)
    assert batches.begun_within("outer", going_on=True) == 1
    follows = end(runs, of(runs, inner)[0])
    assert (follows.batch, follows.awaited) == ("outer", False)
    assert batches.begun_within("outer", going_on=True) == 0
    assert end(runs, follows) is None
    assert batches.counts("outer")[State.SUCCEEDED] == 3


def test_cancelling_the_outer_batch_cancels_what_is_within_and_what_would_follow_there(
    runs, batches, outer
):
    inner = bear(runs, outer, 3, then=AFTER)
    working = claimed(runs, of(runs, inner)[0])
    assert batches.cancel("outer") == 4
    assert batches.counts("outer") == {
        **dict.fromkeys(State, 0),
        State.CANCELLED: 2,
        State.RUNNING: 2,
    }
    for run in (outer, working):
        runs.apply(
            runs.get(run.id),
            lambda it, run=run: transitions.stop(it, token=run.token, now=runs.documents.now()),
        )
        batches.continue_one(run.batch)
    (follows,) = after(runs, inner)
    assert (follows.state, follows.batch) == (State.CANCELLED, "outer")
    assert len(after(runs, "outer")) == 1
    assert batches.continue_all() == []


def test_nothing_is_begun_within_a_batch_that_was_cancelled(runs, batches, outer):
    batches.cancel("outer")
    with pytest.raises(BatchCancelled, match="outer"):
        bear(runs, outer)
    assert of(runs, "outer") == [runs.get(outer.id)]


def test_what_follows_a_run_that_ends_while_it_is_cancelled_is_cancelled(runs, batches):
    outer = begun(runs, batches, then=None)
    (run,) = given(runs, [made(runs.documents.now(), "first", batch="outer", then=AFTER)])
    run = claimed(runs, run)
    batches.cancel("outer")
    finished(runs, run)
    assert [each.state for each in after(runs, "first")] == [State.CANCELLED]
    assert runs.get(outer.id).cancel_requested


def cancelled_before_each_call(runs, batches, act):
    """Outer batches, each cancelled before another one of the calls that an act makes."""
    for number in count(1):
        outer = begun(runs, batches, f"outer{number}")
        store = Meddled(runs.documents)
        store.meddle({number: partial(batches.cancel, outer.batch)})
        act(outer, Runs(store))
        if len(store.seen) < number:
            assert number > 5
            return
        yield outer.batch


def test_whatever_a_run_submits_while_its_batch_is_cancelled_is_cancelled(runs, batches):
    def act(outer, theirs):
        with suppress(BatchCancelled):
            bear(theirs, outer, then=AFTER)

    for outer in cancelled_before_each_call(runs, batches, act):
        going_on = [run for run in of(runs, outer) if not (run.state.ended or run.cancel_requested)]
        assert going_on == []


def test_a_child_that_joins_a_cancelled_batch_is_cancelled(runs, batches, outer):
    family = Offspring(SimpleNamespace(runs=runs, documents=runs.documents, look_at=ignore), outer)
    batches.cancel("outer")
    child = family.submit("noop", {}, key="k", delay=timedelta(0), then=None, within=True)
    assert runs.get(child).state is State.CANCELLED


def test_what_follows_the_inner_batch_while_the_outer_is_cancelled_is_cancelled(runs, batches):
    def act(outer, theirs):
        inner = bear(runs, outer, 1, then=AFTER)
        finished(runs, claimed(runs, of(runs, inner)[0]))
        Batches(theirs).continue_one(inner)

    for outer in cancelled_before_each_call(runs, batches, act):
        states = sorted(run.state for run in of(runs, outer))
        assert states == [State.CANCELLED, State.RUNNING, State.SUCCEEDED]


def test_purging_a_queue_continues_the_outer_batch(runs, outer):
    inner = bear(runs, outer)
    end(runs, outer)
    queue = of(runs, inner)[0].queue
    assert [run.parent for run in purge(runs, queue).continued] == ["outer"]


# --- whoever dies


def test_an_inner_batch_that_is_not_all_there_keeps_the_outer_waiting(runs, batches, outer):
    inner = half_bear(runs, outer)
    for run in of(runs, inner):
        end(runs, run)
    assert batches.continue_all() == []
    bear(runs, outer)  # tried again
    assert end(runs, outer).parent == "outer"


def test_one_whose_submitter_failed_for_good_is_given_up_and_does_not_keep_it_for_ever(
    runs, batches, outer
):
    inner = half_bear(runs, outer, then=AFTER)
    first, second = of(runs, inner)
    assert fail(runs, outer) is None
    end(runs, first)
    assert batches.continue_all() == []
    end(runs, second)
    batches.continue_all()
    assert len(after(runs, "outer")) == 1
    assert after(runs, inner) == []  # it was not all there


def test_one_that_was_given_up_is_taken_up_by_a_replay(runs, batches, outer):
    inner = half_bear(runs, outer, 1, then=AFTER)
    fail(runs, outer)
    end(runs, of(runs, inner)[0])
    batches.continue_all()
    assert not batches.get(inner).open
    again = claimed(runs, runs.replay(outer.id))
    assert bear(runs, again, 1, then=AFTER) == inner
    (follows,) = after(runs, inner)
    assert follows.batch == "outer"
    assert len(after(runs, "outer")) == 1


def test_a_sweep_goes_on_where_whoever_closed_the_inner_batch_died(runs, batches, outer):
    inner = bear(runs, outer, 1)
    end(runs, outer)
    finished(runs, claimed(runs, of(runs, inner)[0]))
    found = batches.get(inner)
    runs.documents.commit([Update(BATCHES, inner, {"open": False}, found.version)])
    assert batches.continue_all() == ["outer"]


def test_what_is_begun_by_a_run_that_came_and_ended_between_two_looks_is_not_overlooked(
    runs, batches, outer
):
    """It was there in none of the looks at what is open, but in the second count."""
    inner = bear(runs, outer, 1, then=AFTER)
    end(runs, outer)
    finished(runs, claimed(runs, of(runs, inner)[0]))  # who dies before looking at its batch
    store = Meddled(runs.documents)
    comes, born = [], []

    def come():
        comes.append(batches.continue_one(inner))

    def bear_and_end():
        run = claimed(runs, comes[0])
        born.append(bear(runs, run, 1, key="late"))
        finished(runs, run)

    store.meddle({3: come, 5: bear_and_end})
    assert Batches(Runs(store)).continue_one("outer") is None
    assert store.seen == ["get", "query", "count", "count", "query", "count"]
    assert after(runs, "outer") == []
    assert end(runs, of(runs, born[0])[0]).parent == "outer"


def test_a_batch_that_an_older_release_wrote_is_continued_and_may_have_others_within(runs, batches):
    outer = begun(runs, batches)
    found = runs.documents.get(BATCHES, "outer")
    older = ("parent", "within", "root", "outer", "cancelled")
    runs.documents.commit([Update(BATCHES, "outer", {}, found.version, drop=older)])
    inner = bear(runs, outer, 1)
    assert end(runs, outer) is None
    assert end(runs, of(runs, inner)[0]).parent == "outer"


def test_there_is_no_room_within_a_batch_that_is_not_there(runs):
    stray = made(runs.documents.now(), "stray", batch="gone")
    with pytest.raises(NoSuchBatch, match="gone"):
        bear(runs, claimed(runs, given(runs, [stray])[0]))
