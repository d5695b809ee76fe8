"""A run whose task is lost is taken from it, and one whose task lives is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.dispatch.executors import Counts
from common.errors import Misconfigured, Unavailable
from common.runs import (
    Outcome,
    State,
    transitions,
)
from tests.dispatch.dispatcher.noop import noop
from tests.dispatch.stub import Stub, ended


def test_a_run_whose_heartbeat_stopped_is_rescued_and_tried_again(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    dispatcher.submit(noop(time))
    run = runs.claim("r1", stub.worker())
    time.advance(runs.lease - timedelta(seconds=1))
    assert dispatcher.advance(run).state is State.RUNNING
    assert stub.asked == []
    time.advance(1)
    stub.counts["noop-1"] = ended("Memory limit exceeded.")
    run = dispatcher.advance(run)
    assert (run.state, run.failures) == (State.PENDING, 1)
    assert run.attempts[0].outcome is Outcome.LOST
    assert run.attempts[0].error.message.endswith("or cut off. Memory limit exceeded.")
    assert dispatcher.advance(run).state is State.STARTING


@pytest.mark.parametrize("error", [Unavailable("No answer."), Misconfigured("No right.")])
def test_a_platform_that_does_not_tell_keeps_no_run_from_being_rescued(dispatch, runs, time, error):
    stub = Stub()
    dispatch(stub).submit(noop(time))
    run = runs.claim("r1", stub.worker())
    time.advance(runs.lease)
    stub.counts["noop-1"] = error
    assert dispatch(stub).advance(run).state is State.PENDING


def test_where_looking_costs_nothing_a_lost_task_is_known_before_its_lease_ends(
    dispatch, runs, time
):
    stub = Stub(watchable=True)
    dispatch(stub).submit(noop(time))
    run = runs.claim("r1", stub.worker())
    stub.counts["noop-1"] = Counts(tasks=1, ended=False)
    assert dispatch(stub).advance(run) == run
    stub.counts["noop-1"] = ended("Terminated by signal 9.")
    run = dispatch(stub).advance(run)
    assert run.attempts[0].error.message == (
        "Its task ended without finishing it. Terminated by signal 9."
    )


def test_a_run_that_ended_while_it_was_looked_at_stays_as_it_is(dispatch, runs, time):
    stub = Stub(watchable=True)
    dispatch(stub).submit(noop(time))
    seen = runs.claim("r1", stub.worker())
    done = runs.apply(
        seen, lambda run: transitions.succeed(run, token=run.token, now=time.now(), result="1")
    )
    stub.counts["noop-1"] = ended(succeeded=1)
    assert dispatch(stub).advance(seen) == runs.get("r1")
    assert runs.get("r1").result == done.result == "1"


def test_a_run_that_a_foreground_process_works_on_is_left_to_its_lease(dispatch, runs, time):
    """The executor does not know of that process."""
    stub = Stub(watchable=True)
    dispatch(stub).submit(noop(time))
    run = runs.claim("r1", stub.worker())
    assert dispatch(stub).advance(run).state is State.RUNNING
