"""A start that is refused, unknown or never claimed costs no run, and its reason is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.dispatch import Dispatcher, NotStarted
from common.dispatch.executors import StartRefused
from common.dispatch.wakeups.local import LocalWakeups
from common.errors import Misconfigured, Unavailable
from common.runs import (
    NotClaimable,
    QueueLimits,
    State,
)
from tests.dispatch.dispatcher.noop import noop
from tests.dispatch.stub import START, Killed, Stub, ended, raising


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (StartRefused("Too many.", retryable=True), 0.0),
        (StartRefused("Not deployed.", retryable=False), 30.0),
        (Misconfigured("No project."), 30.0),
    ],
)
def test_a_refused_start_leaves_the_run_pending_and_says_why(dispatch, runs, time, error, wait):
    stub = Stub(error)
    with pytest.raises(NotStarted, match=f"r1 is accepted.*{error}") as raised:
        dispatch(stub).submit(noop(time))
    assert raised.value.__cause__ is error
    run = runs.get("r1")
    assert (run.state, run.execution, run.unclaimed) == (State.PENDING, None, 0)
    assert wait <= (run.due - time.now()).total_seconds() <= 1.2 * wait
    time.advance(run.due - time.now())
    assert dispatch(stub).advance(run).state is State.STARTING


def test_what_cannot_be_started_does_not_keep_others_of_its_queue_waiting(dispatch, runs, time):
    stub, limit = Stub(), QueueLimits(max_concurrent=1)
    dispatcher = dispatch(stub)
    dispatcher.queues.declare("q", limit)
    runs.submit(noop(time, "first", job="gone", due=-60))
    runs.submit(noop(time, "second"))
    assert set(dispatcher.dispatch("q").refused) == {"first"}
    assert dispatcher.dispatch("q").started == ["second"]


def test_a_wait_for_a_rates_next_permit_is_told_and_a_wake_up_set(runs, time):
    stub, wakeups = Stub(), LocalWakeups(runs.documents)
    dispatcher = Dispatcher(runs, stub, wakeups=wakeups, clock=time.clock)
    dispatcher.queues.declare("q", QueueLimits(max_per_second=2))
    for number in range(5):
        runs.submit(noop(time, f"r{number}"))
    assert [len(dispatcher.dispatch("q").started), len(stub.launches)] == [2, 1]
    due = {
        found.data["kind"]: found.data["at"] for (found,) in wakeups.timers.due(time.now() + START)
    }
    time.advance(due["queue"] - time.now())
    assert len(dispatcher.dispatch("q").started) == 2


def test_a_refused_start_gives_back_all_its_runs(dispatch, runs, time):
    for id in "ab":
        runs.submit(noop(time, id))
    error = StartRefused("No.", retryable=True)
    assert dispatch(Stub(error)).dispatch("q").refused == {"a": error, "b": error}
    assert [runs.get(id).state for id in "ab"] == [State.PENDING] * 2


def test_a_job_that_is_not_here_is_not_started_and_named(dispatch, runs, time):
    stub = Stub()
    with pytest.raises(NotStarted, match="'gone'"):
        dispatch(stub).submit(noop(time, job="gone"))
    assert stub.launches == []
    assert runs.get("r1").state is State.PENDING


def test_a_start_of_unknown_outcome_is_not_repeated_and_its_task_may_come(dispatch, runs, time):
    stub = Stub(Unavailable("No answer."))
    dispatcher = dispatch(stub)
    run = dispatcher.submit(noop(time))
    assert run.state is State.STARTING
    time.advance(START - timedelta(seconds=1))
    assert dispatcher.advance(run).state is State.STARTING
    assert len(stub.launches) == 1
    assert runs.claim("r1", stub.worker()).state is State.RUNNING


def test_a_start_of_unknown_outcome_is_over_when_its_time_is(dispatch, runs, time):
    stub = Stub(Unavailable("No answer."))
    dispatcher = dispatch(stub)
    run = dispatcher.submit(noop(time))
    time.advance(START)
    run = dispatcher.advance(run)
    assert (run.state, run.unclaimed) == (State.PENDING, 1)
    time.advance(1)
    assert dispatcher.advance(run).state is State.STARTING
    assert len(stub.launches) == 2
    with pytest.raises(NotClaimable):  # should the first have been started after all
        runs.claim("r1", stub.worker(1))
    assert runs.claim("r1", stub.worker(2)).state is State.RUNNING


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_dispatcher_that_dies_around_the_start_loses_nothing(
    dispatch, runs, time, monkeypatch, point
):
    stub = Stub(*([Killed()] if point == "before" else []))
    with monkeypatch.context() as patch:
        if point == "after":
            patch.setattr(runs, "started", raising(Killed()))
        with pytest.raises(Killed):
            dispatch(stub).submit(noop(time))
    run, another = runs.get("r1"), dispatch(stub)
    assert run.state is State.STARTING
    time.advance(START - timedelta(seconds=1))
    assert another.advance(run).state is State.STARTING
    time.advance(1)
    run = another.advance(run)
    assert run.state is State.PENDING
    time.advance(run.due - time.now())
    assert another.advance(run).state is State.STARTING


@pytest.mark.parametrize("error", [Unavailable("It is away."), Misconfigured("It may not.")])
def test_a_name_that_cannot_be_noted_does_not_undo_the_start(
    dispatch, runs, time, monkeypatch, error
):
    stub = Stub()
    monkeypatch.setattr(runs, "started", raising(error))
    assert dispatch(stub).submit(noop(time)).state is State.STARTING
    assert runs.claim("r1", stub.worker()).state is State.RUNNING


@pytest.mark.parametrize("error", [Unavailable("It is away."), Misconfigured("It may not.")])
def test_a_store_that_fails_after_a_refusal_does_not_hide_the_refusal(
    dispatch, runs, time, monkeypatch, error
):
    monkeypatch.setattr(runs, "release", raising(error))
    dispatcher = dispatch(Stub(StartRefused("Too many.", retryable=True)))
    with pytest.raises(NotStarted, match="Too many"):
        dispatcher.submit(noop(time))
    time.advance(START)
    assert dispatcher.advance(runs.get("r1")).state is State.PENDING


def test_a_store_that_is_away_after_the_start_does_not_hide_that_the_run_is_accepted(
    dispatch, runs, time, monkeypatch
):
    stub = Stub()
    with monkeypatch.context() as patch:
        patch.setattr(runs, "get", raising(Unavailable("It is away.")))
        assert dispatch(stub).submit(noop(time)).id == "r1"
    assert runs.get("r1").state is State.STARTING


@pytest.mark.parametrize(
    ("error", "for_now"),
    [
        (StartRefused("Too many.", retryable=True), True),
        (Unavailable("The store is away."), True),
        (StartRefused("Not deployed.", retryable=False), False),
        (Misconfigured("No project."), False),
    ],
)
def test_what_was_not_started_says_whether_that_may_pass(runs, time, monkeypatch, error, for_now):
    monkeypatch.setattr(runs, "reserve", raising(error))
    with pytest.raises(NotStarted) as raised:
        Dispatcher(runs, Stub()).submit(noop(time))
    assert raised.value.for_now is for_now


def test_starts_that_nobody_claims_back_off_and_end_with_the_last_words(dispatch, time):
    stub = Stub(watchable=True)
    for number in range(1, 6):
        stub.counts[f"noop-{number}"] = ended(f"Exit code {number}.")
    dispatcher, waits = dispatch(stub), []
    run = dispatcher.submit(noop(time))
    while not run.state.ended:
        run = dispatcher.advance(run)
        if run.state is State.PENDING:
            waits.append((run.due - time.now()).total_seconds())
            time.advance(waits[-1])
    assert len(stub.launches) == 5
    assert [0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits)] == [True] * 4
    assert (run.state, run.error.type) == (State.FAILED, "NeverClaimed")
    assert run.error.message == "Its task ended without claiming it. Exit code 5."
    assert run.attempts == ()


def test_when_a_start_is_late_the_platform_is_asked_why_even_if_that_costs(dispatch, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    run = dispatcher.submit(noop(time, max_attempts=1))
    dispatcher.advance(run)
    assert stub.asked == []
    for number in range(1, 6):
        stub.counts[f"noop-{number}"] = ended("The image was not found.")
    while not run.state.ended:
        time.advance(START)
        run = dispatcher.advance(run)
    assert run.error.message == "No task came for it in time. The image was not found."
