"""The lease, the heartbeat that renews it, and the store that fails them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import open_documents
from common.errors import Unavailable
from common.runs import LeaseLost, Progress, Run, Runs, State, Worker
from common.runtime.heartbeat import Heartbeat
from common.runtime.lease import Lease
from common.runtime.stopping import LIMIT, Cancelled, Lost
from tests.faults import FAULTS, Faulty

WORKER = Worker(execution=None, name="x")
OTHER = Worker(execution=None, name="y")


@pytest.fixture
def store(tmp_path, time):
    inner = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3", clock=time.clock)
    yield Faulty(inner, rng=lambda: 1.0)
    inner.close()


@pytest.fixture
def runs(store):
    return Runs(store)


@pytest.fixture
def lease(runs, time):
    return Lease(runs, begin(runs), clock=time.clock)


@pytest.fixture
def asked():
    return []


@pytest.fixture
def heartbeat(lease, asked):
    return Heartbeat(lease, asked.append)


def begin(runs):
    now = runs.documents.now()
    new = Run(
        id="a",
        job="noop",
        queue="default",
        params="{}",
        created=now,
        due=now,
        max_attempts=2,
    )
    return runs.begin(new, WORKER)


def fail_for(store, time, seconds):
    """Have the store be down for so long, as its callers see it."""
    end = time.monotonic() + seconds

    class Down:
        def __bool__(self):
            return time.monotonic() < end

        def popleft(self):
            return "unavailable"

    store.faults = Down()


def test_a_heartbeat_puts_the_leases_end_off(lease, heartbeat, runs, time):
    time.advance(40)
    assert lease.remaining == 20
    assert heartbeat.beat()
    assert lease.remaining == 60
    assert runs.get("a").lease_until == time.now() + timedelta(seconds=60)


def test_a_claim_that_took_long_to_come_back_leaves_less_of_the_lease(runs, time):
    run = begin(runs)
    time.advance(50)
    assert Lease(runs, run, clock=time.clock).remaining == 10


def test_a_heartbeat_carries_the_progress_last_said(heartbeat, runs):
    for fraction in (0.1, 0.2):
        heartbeat.say(Progress(fraction=fraction, message="halfway"))
    heartbeat.beat()
    assert runs.get("a").progress.fraction == 0.2


def test_a_heartbeat_sees_a_cancellation(heartbeat, runs, asked):
    runs.cancel("a")
    heartbeat.beat()
    assert [type(stop) for stop in asked] == [Cancelled]


def test_a_heartbeat_for_a_run_that_another_took_over_stops_the_job(heartbeat, runs, time, asked):
    time.advance(61)
    theirs = runs.claim("a", OTHER)
    heartbeat.beat()
    assert [type(stop) for stop in asked] == [Lost]
    assert runs.get("a").token == theirs.token


@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_that_fails_once_is_made_again(heartbeat, lease, store, time, fault):
    time.advance(30)
    store.faults.append(fault)
    assert heartbeat.beat()
    assert lease.remaining > 59


def test_a_store_that_is_back_before_the_lease_ends_costs_nothing(
    heartbeat, lease, store, time, asked
):
    fail_for(store, time, 45)
    beats = []
    while not beats or not beats[-1]:
        time.advance(5)
        beats.append(heartbeat.beat())
    assert len(beats) > 2
    assert asked == []
    assert lease.succeed("{}").state is State.SUCCEEDED


def test_while_the_store_is_down_the_job_is_told_in_time_to_end_before_its_lease(
    heartbeat, lease, store, time, asked
):
    assert lease.left + LIMIT < lease.remaining
    fail_for(store, time, 1000)
    while lease.left > 0:
        time.advance(5)
        assert not heartbeat.beat()
    assert asked == []  # the stopper, which looks at what is left by itself, does the telling


def test_what_is_written_after_the_lease_was_taken_over_is_refused(lease, runs, time):
    time.advance(61)
    theirs = runs.claim("a", OTHER)
    for write in (
        lambda: lease.checkpoint("{}"),
        lambda: lease.succeed("{}"),
        lease.give_back,
        lease.stop,
    ):
        with pytest.raises(LeaseLost):
            write()
    assert runs.get("a") == theirs


def test_a_finish_whose_answer_was_lost_counts_once(lease, store, runs):
    store.faults.append("lost")
    lease.succeed("{}")
    assert (runs.get("a").state, len(runs.get("a").attempts)) == (State.SUCCEEDED, 1)


def test_a_finish_that_the_store_does_not_take_says_so(lease, store, time):
    fail_for(store, time, 1000)
    with pytest.raises(Unavailable):
        lease.succeed("{}")


def test_a_heartbeat_that_fails_in_an_unknown_way_leaves_the_next_one_to_try(
    heartbeat, store, monkeypatch, asked
):
    with monkeypatch.context() as patch:
        patch.setattr(store, "commit", lambda _: 1 / 0)
        assert not heartbeat.beat()
    assert heartbeat.beat()
    assert asked == []


def test_a_heartbeat_for_a_run_that_is_gone_stops_the_job(heartbeat, store, runs, asked):
    from common.documents import Delete

    store.commit([Delete("runs", "a", runs.get("a").version)])
    heartbeat.beat()
    assert [type(stop) for stop in asked] == [Lost]
