"""Batches as a whole: counted, cancelled, begun again."""

from __future__ import annotations

import pytest

from common.dispatch import Dispatcher
from common.errors import InvalidInput
from common.runs import (
    Batches,
    NoSuchBatch,
    State,
    transitions,
)
from tests.dispatch.batches import batch, members, submitted
from tests.dispatch.stub import Stub
from tests.runs.making import after, claimed, failed, finished, given, made


def test_a_batch_tells_how_many_of_its_runs_are_in_each_state(runs, batches):
    found = submitted(runs, total=6)
    given(runs, [made(runs.documents.now(), "another", batch="c")])
    runs.reserve([runs.get(found[0].id)])
    claimed(runs, found[1])
    finished(runs, claimed(runs, found[2]))
    failed(runs, found[3])
    runs.cancel(found[4].id)
    assert dict(batches.counts("b")) == dict.fromkeys(State, 1)


def test_a_batch_is_cancelled_whole(runs, batches):
    found = submitted(runs, total=5)
    working, starting = claimed(runs, found[0]), runs.reserve([runs.get(found[1].id)])
    finished(runs, claimed(runs, found[2]))
    assert batches.cancel("b") == 4
    assert starting
    states = {state: count for state, count in batches.counts("b").items() if count}
    assert states == {State.CANCELLED: 3, State.RUNNING: 1, State.SUCCEEDED: 1}
    assert runs.get(working.id).cancel_requested
    assert batches.cancel("b") == 0
    assert batches.continue_one("b") is None
    runs.apply(
        runs.get(working.id),
        lambda it: transitions.stop(it, token=working.token, now=runs.documents.now()),
    )
    assert batches.continue_one("b") is not None


def test_a_run_that_is_claimed_while_its_batch_is_cancelled_is_asked_to_stop(
    runs, batches, monkeypatch
):
    """It goes to a place in which it had been looked for already."""
    monkeypatch.setattr("common.runs.batches._PAGE", 1)
    found = submitted(runs, total=4)
    cancel, begun = runs.cancel, []

    def overtaken(id):
        if not begun:
            begun.append(next(run.id for run in found if run.id != id))
            claimed(runs, runs.get(begun[0]))
        return cancel(id)

    monkeypatch.setattr(runs, "cancel", overtaken)
    assert batches.cancel("b") == 4
    assert runs.get(begun[0]).cancel_requested


def test_the_same_batch_may_be_begun_again_and_another_of_its_id_may_not(batches, time):
    batches.begin(batch(time.now()))
    time.advance(9)
    batches.begin(batch(time.now()))
    assert batches.get("b").created == time.start
    with pytest.raises(InvalidInput, match="another key"):
        batches.begin(batch(time.now(), total=3))
    with pytest.raises(NoSuchBatch, match="nothing"):
        batches.get("nothing")


def test_a_batch_that_was_cut_short_is_completed_and_continued_once(runs, time):
    """Whoever submitted it died after the first runs; they come again under the same ids."""
    stub, batches = Stub(), Batches(runs)
    batches.begin(batch(time.now(), total=3))
    given(runs, members(time.now(), total=1))
    dispatcher = Dispatcher(runs, stub, clock=time.clock)
    accepted = dispatcher.submit_batch(batch(time.now(), total=3), members(time.now(), total=3))
    assert [run.id for run in accepted] == ["b-0", "b-1", "b-2"]
    assert [launch.tasks for launch in stub.launches] == [3]
    for task, run in enumerate(accepted):
        worker = stub.worker()
        finished(
            runs,
            claimed(
                runs, run, type(worker)(execution=worker.execution, name=worker.name, task=task)
            ),
        )
    assert dispatcher.sweep().continued == ["b"]
    assert len(after(runs, "b")) == 1
