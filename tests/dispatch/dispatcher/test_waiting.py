"""Waiting for a run: each look is told, trouble is outlasted."""

from __future__ import annotations

from itertools import islice

import pytest

from common.dispatch.executors import StartRefused
from common.errors import Unavailable
from common.runs import (
    State,
    transitions,
)
from tests.dispatch.dispatcher.noop import noop
from tests.dispatch.stub import Stub


def test_waiting_yields_each_look_and_ends_with_the_run(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    dispatcher.submit(noop(time, due=0.35))
    looks = dispatcher.wait("r1")
    assert [run.state for run in islice(looks, 4)] == [State.PENDING] * 4
    assert next(looks).state is State.STARTING
    run = runs.claim("r1", stub.worker())
    assert next(looks).state is State.RUNNING
    runs.apply(run, lambda it: transitions.stop(it, token=it.token, now=time.now()))
    assert [run.state for run in looks] == [State.CANCELLED]
    assert time.slept == [runs.documents.read_interval] * 6


def test_waiting_asks_ever_later_while_starts_are_refused_for_now(dispatch, runs, time):
    stub = Stub(*[StartRefused("Too many.", retryable=True)] * 8)
    runs.submit(noop(time))
    looks = [run.state for run in islice(dispatch(stub).wait("r1"), 10)]
    assert looks == [State.PENDING] * 8 + [State.STARTING] * 2
    assert time.slept.pop() == runs.documents.read_interval
    full = [min(60.0, 5.0 * 2**n) for n in range(8)]
    assert all(0.5 * most <= wait <= most for wait, most in zip(time.slept, full, strict=True))


def test_waiting_ends_with_what_will_never_be_started(dispatch, runs, time):
    runs.submit(noop(time))
    with pytest.raises(StartRefused, match="Not deployed"):
        list(dispatch(Stub(StartRefused("Not deployed.", retryable=False))).wait("r1"))
    assert runs.get("r1").state is State.PENDING


@pytest.mark.parametrize("call", ["get", "reserve"])
def test_waiting_outlasts_a_store_that_is_away(dispatch, runs, time, monkeypatch, call):
    runs.submit(noop(time))
    answers, inner = [Unavailable(f"Away {n}.") for n in range(5)], getattr(runs, call)

    def away(*arguments, **options):
        if answers:
            raise answers.pop(0)
        return inner(*arguments, **options)

    monkeypatch.setattr(runs, call, away)
    told = []
    looks = dispatch(Stub()).wait("r1", on_trouble=told.append)
    assert next(run for run in looks if run.state is not State.PENDING).state is State.STARTING
    assert [str(error) for error in told] == [f"Away {n}." for n in range(5)]
    full = [min(60.0, 5.0 * 2**n) for n in range(5)]
    assert all(0.5 * most <= wait <= most for wait, most in zip(time.slept, full, strict=True))
