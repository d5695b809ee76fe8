"""Sweeps: one at a time, whatever fails, and the next one comes when there is something to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.dispatch import Dispatcher
from common.dispatch.executors import Counts, StartRefused
from common.dispatch.sweep import SOON
from common.dispatch.wakeups.local import LocalWakeups
from common.errors import Unavailable
from common.runs import (
    Runs,
    State,
    Worker,
)
from common.runs.places import LOOK
from tests.dispatch.stub import LOST, Killed, Stub, raising
from tests.faults import FAULTS, Faulty
from tests.runs.making import claimed, finished, given, made


def test_while_one_sweeps_another_does_nothing_and_comes_when_the_first_may_have_died(
    dispatch, runs, time, monkeypatch
):
    stub, seen = Stub(), []
    given(runs, [made(time.now(), "r1")])
    start = stub.start

    def during(launch):
        seen.append(dispatch(stub).sweep())
        return start(launch)

    monkeypatch.setattr(stub, "start", during)
    assert not dispatch(stub).sweep().skipped
    assert [other.skipped for other in seen] == [True]
    assert seen[0].next > time.now()
    assert len(stub.launches) == 1


def test_a_sweep_that_was_killed_is_made_up_for_by_the_next(dispatch, runs, time, monkeypatch):
    stub = Stub()
    given(runs, [made(time.now(), id, queue=id) for id in "ab"])
    with monkeypatch.context() as patch:
        patch.setattr("common.dispatch.sweep._Lease.give_up", lambda _: None)
        patch.setattr(stub, "start", raising(Killed()))
        with pytest.raises(Killed):
            dispatch(stub).sweep()
    skipped = dispatch(stub).sweep()
    assert (skipped.skipped, skipped.started) == (True, [])
    time.advance(skipped.next - time.now())
    assert dispatch(stub).sweep().started == ["b"]
    time.advance(LOOK)
    assert dispatch(stub).sweep().started == ["a"]


def test_what_goes_wrong_in_one_step_keeps_no_other_from_being_done(
    dispatch, runs, time, monkeypatch
):
    stub = Stub(LOST)
    dispatch(stub).submit(made(time.now(), "r1"))
    time.advance(LOOK)
    given(runs, [made(time.now(), "r2", queue="other")])

    monkeypatch.setattr(stub, "find", raising(Unavailable("The platform is away.")))
    swept = dispatch(stub).sweep()
    assert swept.troubles == ["The platform is away."]
    assert swept.started == ["r2"]


def test_at_rest_no_other_sweep_is_asked_for(dispatch, runs, time):
    wakeups = LocalWakeups(runs.documents)
    finished(runs, claimed(runs, given(runs, [made(time.now(), "r1")])[0]))
    swept = dispatch(Stub(), wakeups=wakeups).sweep()
    assert swept.next is None
    assert wakeups.describe().waiting == 0


def test_the_next_sweep_comes_with_the_first_deadline_or_due_time_and_not_too_soon(
    dispatch, begun, runs, time
):
    stub = Stub()
    given(runs, [made(time.now(), "later", age=-7200)])
    assert dispatch(stub).sweep().next == time.now() + timedelta(hours=2)
    begun(stub)
    assert dispatch(stub).sweep().next == runs.get("r1").lease_until
    time.advance(59)
    assert dispatch(stub).sweep().next == time.now() + SOON


def test_where_all_starts_are_refused_it_is_tried_again_and_nothing_is_lost(dispatch, runs, time):
    stub = Stub(*[StartRefused("Too many.", retryable=True)] * 3)
    wakeups = LocalWakeups(runs.documents)
    given(runs, [made(time.now(), f"r{n}") for n in range(4)])
    for _ in range(3):
        assert dispatch(stub, wakeups=wakeups).sweep().started == []
        oldest = wakeups.describe().oldest
        wakeups.purge()
        time.advance(oldest - time.now())
    assert len(dispatch(stub, wakeups=wakeups).sweep().started) == 4


@pytest.mark.parametrize("fault", FAULTS)
def test_whichever_call_of_a_sweep_fails_the_next_one_leaves_nothing_undone(
    runs, time, fault, documents_url
):
    """Each of 20 calls in turn in SQLite, three of them in Firestore."""
    here = documents_url.startswith("sqlite")
    for position in range(20) if here else (2, 6, 9):
        stub, queue = Stub(), f"q{position}"
        stub.counts = dict.fromkeys(["noop-1", "noop-2"], Counts(tasks=1, ended=False))
        ids = [f"{fault}-{position}-{n}" for n in range(2)]
        given(runs, [made(time.now(), id, queue=queue) for id in ids])
        lost = runs.claim(ids[0], Worker(execution=None, name="by-hand"))
        time.advance(runs.lease)
        faulty = Faulty(runs.documents, [*[None] * position, fault])
        Dispatcher(Runs(faulty), stub, clock=time.clock).sweep()
        time.advance(LOOK)
        Dispatcher(runs, stub, clock=time.clock).sweep()
        found = [runs.get(id) for id in ids]
        assert [run.state for run in found] == [State.STARTING] * 2
        assert [len(run.attempts) for run in found] == [1, 0]
        assert found[0].attempts[0].token == lost.token
        for run in found:
            runs.cancel(run.id)
