"""Batches within batches: the inner one counts in the outer, which waits for it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from common.runs import State
from common.runtime.offspring import Offspring
from common.runtime.results import results
from tests.runs.making import AFTER, after, claimed, given, made
from tests.runs.within import bear, begun, end, fail, ignore, of


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
