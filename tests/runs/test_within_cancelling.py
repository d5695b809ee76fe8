"""Where an outer batch is cancelled, so is all that is within, or would be."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest

from common.runs import Batches, Runs, State, transitions
from common.runs.batch import BatchCancelled
from common.runs.purging import purge
from common.runtime.offspring import Offspring
from tests.runs.making import AFTER, after, claimed, finished, given, made
from tests.runs.meddling import Meddled
from tests.runs.within import bear, begun, end, ignore, of


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
