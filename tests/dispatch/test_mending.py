"""Runs are taken from tasks that are known to be gone, and from no others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.dispatch.executors import Counts, NoSuchExecution
from common.dispatch.mending import Mending
from common.errors import Misconfigured, Unavailable
from common.runs import Drain, State, Worker
from common.runs.places import CANCELLING
from tests.dispatch.stub import START, Stub, ended
from tests.runs.making import claimed, given, made, succeeded

ALIVE = Counts(tasks=2, ended=False)


@pytest.fixture
def starts(runs, time):
    """Two runs reserved for an execution that was started as noop-1."""
    given(runs, [made(time.now(), id) for id in "ab"])
    (execution,) = runs.reserve([runs.get(id) for id in "ab"])
    runs.started(execution, "noop-1")
    return execution


def worker(execution, task=0):
    return Worker(execution=execution.id, name="noop-1", task=task)


def mend(runs, counts, id="a", **options):
    stub = Stub(watchable=True)
    stub.counts["noop-1"] = counts
    return Mending(runs, stub).mend(runs.get(id), **options)


def test_what_may_be_alive_is_left_alone(runs, starts, time):
    assert mend(runs, ALIVE) is None
    claimed(runs, runs.get("a"), worker(starts))
    assert mend(runs, ALIVE) is None
    time.advance(runs.lease - timedelta(seconds=1))
    assert mend(runs, ALIVE) is None


@pytest.mark.parametrize("error", [Unavailable("Away."), Misconfigured("No right.")])
@pytest.mark.usefixtures("starts")
def test_without_an_answer_the_deadlines_alone_are_believed(runs, time, error):
    assert mend(runs, error) is None
    time.advance(START)
    assert mend(runs, error).unclaimed == 1


def test_a_task_that_ended_among_others_is_known_by_its_index(runs, starts):
    claimed(runs, runs.get("b"), worker(starts, 1))
    counts = Counts(tasks=2, ended=False, over=frozenset({1}), detail="Exit code 1.")
    assert mend(runs, counts) is None
    run = mend(runs, counts, "b")
    assert run.attempts[0].error.message == "Its task ended without finishing it. Exit code 1."


def test_a_process_that_no_executor_knows_keeps_its_run_while_its_lease_lasts(runs, time):
    given(runs, [made(time.now(), "a")])
    claimed(runs, runs.get("a"), Worker(execution=None, name="noop-1"))
    assert mend(runs, NoSuchExecution("None.")) is None
    time.advance(runs.lease)
    assert mend(runs, NoSuchExecution("None.")).state is State.PENDING


def test_what_went_on_meanwhile_is_not_taken_from_its_next_owner(runs, starts):
    """The platform told of the task as it was; the run is in another's hand by now."""
    seen = claimed(runs, runs.get("a"), worker(starts))
    stub = Stub(watchable=True)
    runs.rescue(seen, "its heartbeat stopped")
    theirs = claimed(runs, runs.get("a"))
    stub.counts["noop-1"] = ended()
    assert Mending(runs, stub).mend(seen) == theirs
    assert runs.get("a").state is State.RUNNING


@pytest.mark.parametrize("alone", [True, False])
def test_only_an_execution_of_the_run_alone_is_ended_when_it_does_not_stop(runs, time, alone):
    given(runs, [made(time.now(), id) for id in "ab"])
    (execution,) = runs.reserve([runs.get(id) for id in ("a" if alone else "ab")])
    runs.started(execution, "noop-1")
    claimed(runs, runs.get("a"), worker(execution))
    stub = Stub()
    runs.cancel("a")
    time.advance(CANCELLING - timedelta(seconds=1))
    Mending(runs, stub).insist(runs.get("a"))
    assert stub.cancelled == []
    time.advance(1)
    Mending(runs, stub).insist(runs.get("a"))
    assert stub.cancelled == (["noop-1"] if alone else [])


def test_a_run_that_a_task_took_over_is_looked_for_in_that_task(runs, starts, time):
    """By a drain it is in an execution that was started for others."""
    task = worker(starts)
    first = claimed(runs, runs.get("a"), task)
    given(runs, [made(time.now(), "next")])
    drain = Drain(runs, task, clock=time.clock)
    drain.hand_over(first, lambda run: succeeded(run, time.now()))
    assert drain.claim(lambda _: True).id == "next"
    assert mend(runs, ALIVE, "next") is None
    counts = Counts(tasks=2, ended=False, over=frozenset({0}), detail="Killed.")
    assert mend(runs, counts, "next").state is State.PENDING
