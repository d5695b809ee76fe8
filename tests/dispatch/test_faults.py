"""A store that fails at any one call, once or for minutes, loses no run and doubles none."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from common.dispatch import Dispatcher
from common.documents import open_documents
from common.errors import RunjobsError
from common.runs import NotClaimable, Outcome, Run, Runs, State, transitions
from tests.dispatch.stub import Stub
from tests.faults import FAULTS, Faulty

AWAY = 1000
"""Calls in a row that fail: more than patience lasts."""


@pytest.fixture
def store(tmp_path, time):
    opened = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3", clock=time.clock)
    yield opened
    opened.close()


def submitted(time) -> Run:
    now = time.now()
    return Run(id="r1", job="noop", queue="q", params="{}", created=now, due=now, max_attempts=4)


def work(runs: Runs, stub: Stub, number: int, time) -> None:
    """What a task does: claim its run and finish it, or go when it is another's."""
    with suppress(NotClaimable):
        run = runs.claim("r1", stub.worker(number))
        runs.apply(
            run,
            lambda it: transitions.succeed(it, token=run.token, now=time.now(), result=str(number)),
        )


DISPATCH, TAKE_BACK = 9, 3
"""Calls to the store."""


def test_every_call_is_made_to_fail_below(store, time):
    stub, counting = Stub(), Faulty(store)
    dispatcher = Dispatcher(Runs(counting), stub, clock=time.clock)
    dispatcher.submit(submitted(time))
    assert len(counting.calls) == DISPATCH
    run = dispatcher.runs.claim("r1", stub.worker())
    time.advance(dispatcher.runs.lease)
    counting.calls.clear()
    dispatcher.advance(run)
    assert len(counting.calls) == TAKE_BACK


@pytest.mark.parametrize("length", [1, AWAY])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("position", range(DISPATCH))
def test_whichever_call_of_a_dispatch_fails_the_run_ends_once(store, time, position, fault, length):
    stub = Stub()
    faulty = Faulty(store, [*[None] * position, *[fault] * length], clock=time.clock)
    accepted = True
    try:
        Dispatcher(Runs(faulty), stub, clock=time.clock).submit(submitted(time))
    except RunjobsError:
        accepted = store.get("runs", "r1") is not None
    assert accepted or position == 0
    if accepted:
        see_through(Runs(store), stub, time)
        assert len(stub.launches) <= 1 + (length == AWAY)


def see_through(runs: Runs, stub: Stub, time) -> None:
    """Another dispatcher goes on; the task of each start comes, if late, and again at the end."""
    dispatcher = Dispatcher(runs, stub, clock=time.clock)
    for _ in range(20):
        run = dispatcher.advance(runs.get("r1"))
        if run.state.ended:
            break
        time.advance(timedelta(minutes=1))
        if stub.launches:
            work(runs, stub, len(stub.launches), time)
    for number in range(1, len(stub.launches) + 1):
        work(runs, stub, number, time)
    run = runs.get("r1")
    assert run.state is State.SUCCEEDED
    assert [attempt.outcome for attempt in run.attempts] == [Outcome.SUCCEEDED]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("position", range(TAKE_BACK))
def test_whichever_call_of_taking_a_run_back_fails_it_is_taken_back_once(
    store, time, position, fault
):
    stub, runs = Stub(), Runs(store)
    Dispatcher(runs, stub, clock=time.clock).submit(submitted(time))
    run = runs.claim("r1", stub.worker())
    time.advance(runs.lease)
    faulty = Faulty(store, [*[None] * position, fault], clock=time.clock)
    run = Dispatcher(Runs(faulty), stub, clock=time.clock).advance(run)
    assert (run.state, run.failures) == (State.PENDING, 1)
    assert [attempt.outcome for attempt in run.attempts] == [Outcome.LOST]
