"""What is cancelled does not begin, and what was started for it alone is ended."""

from __future__ import annotations

import pytest

from common.errors import Unavailable
from common.runs import (
    NotClaimable,
    Outcome,
    State,
)
from tests.dispatch.dispatcher.noop import noop
from tests.dispatch.stub import START, Stub


@pytest.mark.parametrize("state", [State.PENDING, State.STARTING])
def test_what_is_cancelled_before_it_has_begun_never_begins(dispatch, runs, time, state):
    stub = Stub()
    dispatcher = dispatch(stub)
    dispatcher.submit(noop(time, due=60 if state is State.PENDING else 0))
    run = runs.cancel("r1")
    time.advance(START)
    assert dispatcher.advance(run) == run
    assert run.state is State.CANCELLED
    assert len(stub.launches) == (state is State.STARTING)
    if stub.launches:
        with pytest.raises(NotClaimable, match="cancelled"):
            runs.claim("r1", stub.worker())


def test_what_was_started_for_a_cancelled_run_alone_is_ended(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    seen = dispatcher.submit(noop(time))
    runs.cancel("r1")
    dispatcher.abandon(seen)
    assert stub.cancelled == ["noop-1"]


def test_what_was_started_for_others_too_goes_on(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    for id in "ab":
        runs.submit(noop(time, id))
    dispatcher.dispatch("q")
    dispatcher.abandon(runs.get("a"))
    assert stub.cancelled == []


def test_a_start_whose_name_is_not_known_cannot_be_ended(dispatch, time):
    stub = Stub(Unavailable("No answer."))
    dispatcher = dispatch(stub)
    dispatcher.abandon(dispatcher.submit(noop(time)))
    assert stub.cancelled == []


def test_a_running_run_that_is_cancelled_and_then_lost_is_not_tried_again(dispatch, runs, time):
    stub = Stub()
    dispatch(stub).submit(noop(time))
    runs.claim("r1", stub.worker())
    run = runs.cancel("r1")
    assert run.state is State.RUNNING
    time.advance(runs.lease)
    run = dispatch(stub).advance(run)
    assert (run.state, run.attempts[0].outcome) == (State.CANCELLED, Outcome.LOST)
