"""A sweep finds whatever was left undone, by whoever died."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.blobs import open_blobs
from common.dispatch.executors import Counts
from common.errors import Unavailable
from common.runs import (
    Batch,
    Line,
    NotClaimable,
    Outcome,
    QueueLimits,
    State,
    Then,
    Worker,
)
from common.runs.places import CANCELLING, LOOK
from tests.dispatch.stub import LOST, START, Killed, Stub, ended, raising
from tests.runs.making import claimed, finished, given, made

# --- tasks that are gone


def test_a_run_whose_lease_ran_out_is_rescued_and_started_again(dispatch, begun, runs, time):
    stub = Stub()
    begun(stub)
    time.advance(runs.lease - timedelta(seconds=1))
    assert dispatch(stub).sweep().rescued == []
    time.advance(1)
    stub.counts["noop-1"] = ended("Memory limit exceeded.")
    swept = dispatch(stub).sweep()
    assert (swept.rescued, swept.started) == (["r1"], ["r1"])
    attempt = runs.get("r1").attempts[0]
    assert attempt.outcome is Outcome.LOST
    assert attempt.error.message.endswith("Memory limit exceeded.")


def test_a_start_that_nobody_came_for_is_taken_back_when_its_time_is_over(dispatch, runs, time):
    stub = Stub()
    dispatch(stub).submit(made(time.now(), "r1"))
    stub.counts["noop-1"] = Counts(tasks=1, ended=False)
    time.advance(START - timedelta(seconds=1))
    assert dispatch(stub).sweep().rescued == []
    time.advance(1)
    assert dispatch(stub).sweep().rescued == ["r1"]
    assert (runs.get("r1").state, runs.get("r1").unclaimed) == (State.PENDING, 1)


@pytest.mark.parametrize("how", ["ended", "deleted"])
def test_an_execution_that_is_over_before_its_tasks_came_is_known_long_before_that(
    dispatch, time, how
):
    """By its counts, or as the platform does not know it any more."""
    stub = Stub()
    dispatch(stub).submit(made(time.now(), "r1"))
    if how == "ended":
        stub.counts["noop-1"] = ended("The image was not found.")
    time.advance(LOOK)
    assert dispatch(stub).sweep().rescued == ["r1"]


def test_of_an_execution_only_tasks_that_are_over_lose_their_runs(dispatch, runs, time):
    stub = Stub()
    given(runs, [made(time.now(), id, age=9 - at) for at, id in enumerate("abc")])
    dispatch(stub).dispatch("q")
    for task, id in enumerate("ab"):
        worker = Worker(execution=stub.launches[0].execution, name="noop-1", task=task)
        claimed(runs, runs.get(id), worker)
    stub.counts["noop-1"] = Counts(tasks=3, ended=False, over=frozenset({2}), detail="Gone.")
    time.advance(LOOK)
    assert dispatch(stub).sweep().rescued == ["c"]


def test_where_looking_costs_nothing_lost_tasks_are_known_at_once(dispatch, begun):
    stub = Stub(watchable=True)
    begun(stub)
    stub.counts["noop-1"] = ended("Terminated by signal 9.")
    assert dispatch(stub).sweep().rescued == ["r1"]


# --- starts whose outcome is not known


@pytest.mark.parametrize("applied", [True, False])
def test_a_start_that_was_not_answered_is_looked_for_and_made_again_only_if_it_is_not_there(
    dispatch, runs, time, applied
):
    stub = Stub(LOST if applied else Unavailable("No answer."))
    dispatch(stub).submit(made(time.now(), "r1"))
    stub.counts["noop-1"] = Counts(tasks=1, ended=False)
    time.advance(LOOK - timedelta(seconds=1))
    assert dispatch(stub).sweep().found == 0
    time.advance(1)
    swept = dispatch(stub).sweep()
    assert (swept.found, swept.started) == (1, [] if applied else ["r1"])
    assert len(stub.launches) == (1 if applied else 2)
    assert runs.execution(runs.get("r1").execution).name == f"noop-{len(stub.launches)}"
    assert runs.get("r1").unclaimed == 0
    assert dispatch(stub).sweep().found == 0


@pytest.mark.parametrize("full", [True, False])
def test_a_task_of_a_start_that_was_given_up_finds_nothing_reserved_for_it(
    dispatch, runs, time, full
):
    """Also while its run waits: its slot may be another's by now."""
    stub = Stub(Unavailable("No answer."))
    dispatcher = dispatch(stub)
    dispatcher.queues.declare("q", QueueLimits(max_concurrent=1))
    dispatcher.submit(made(time.now(), "r1"))
    given(runs, [made(time.now(), "first", age=99)] if full else [])
    time.advance(LOOK)
    dispatcher.sweep()
    with pytest.raises(NotClaimable):
        runs.claim("r1", stub.worker(1))
    assert Line(runs.documents).active("q") == 1


def test_a_dispatcher_that_died_before_it_could_start_is_made_up_for(
    dispatch, runs, time, monkeypatch
):
    stub = Stub()
    with monkeypatch.context() as patch:
        patch.setattr(stub, "start", raising(Killed()))
        with pytest.raises(Killed):
            dispatch(stub).submit(made(time.now(), "r1"))
    assert runs.get("r1").state is State.STARTING
    time.advance(LOOK)
    assert dispatch(stub).sweep().started == ["r1"]
    assert len(stub.launches) == 1


# --- what nobody looked at


def test_runs_whose_wake_up_was_lost_are_started_in_every_queue(dispatch, runs, time):
    given(runs, [made(time.now(), name, queue=name) for name in "ab"])
    given(runs, [made(time.now(), "later", queue="a", age=-60)])
    stub = Stub()
    swept = dispatch(stub).sweep()
    assert swept.started == ["a", "b"]
    time.advance(60)
    assert dispatch(stub).sweep().started == ["later"]


def test_a_run_that_goes_on_though_it_was_cancelled_has_its_execution_ended(
    dispatch, begun, runs, time
):
    stub = Stub()
    begun(stub)
    stub.counts["noop-1"] = Counts(tasks=1, ended=False)
    runs.cancel("r1")
    time.advance(CANCELLING - timedelta(seconds=1))
    dispatch(stub).sweep()
    assert stub.cancelled == []
    time.advance(1)
    dispatch(stub).sweep()
    assert stub.cancelled == ["noop-1"]
    stub.counts["noop-1"] = ended()
    assert dispatch(stub).sweep().rescued == ["r1"]
    assert runs.get("r1").state is State.CANCELLED


def test_a_batch_whose_last_task_died_before_it_could_continue_is_continued(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    batch = Batch(id="b", total=1, created=time.now(), then=Then(job="noop", queue="q"), open=True)
    dispatcher.submit_batch(batch, [made(time.now(), "r1", batch="b", awaited=True)])
    finished(runs, claimed(runs, runs.get("r1"), stub.worker()))
    assert dispatcher.sweep().continued == ["b"]
    assert dispatcher.sweep().continued == []
    assert len(runs.list()) == 2


# --- what has been kept for long enough


def test_what_has_expired_is_removed_with_its_blobs_and_nothing_else(
    dispatch, runs, time, tmp_path
):
    blobs = open_blobs(f"file://{tmp_path}/blobs")
    for id, keep in (("short", 60.0), ("long", 3600.0), ("ever", None)):
        run = claimed(runs, given(runs, [made(time.now(), id, keep=keep)])[0])
        finished(runs, run)
        blobs.write(f"runs/{id}/1/out.txt", b"it")
    stub = Stub()
    assert dispatch(stub, blobs=lambda: blobs).sweep().removed == 0
    time.advance(60)
    assert dispatch(stub, blobs=lambda: blobs).sweep().removed == 1
    assert sorted(run.id for run in runs.list()) == ["ever", "long"]
    assert sorted(blob.path for blob in blobs.list("runs/")) == [
        "runs/ever/1/out.txt",
        "runs/long/1/out.txt",
    ]
