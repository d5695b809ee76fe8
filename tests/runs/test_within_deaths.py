"""An outer batch is continued whoever dies within it, and never too early."""

from __future__ import annotations

import pytest

from common.documents import Update
from common.runs import Batches, NoSuchBatch, Runs
from common.runs.members import BATCHES
from tests.runs.making import AFTER, after, claimed, finished, given, made
from tests.runs.meddling import Meddled
from tests.runs.within import bear, begun, end, fail, half_bear, of


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
