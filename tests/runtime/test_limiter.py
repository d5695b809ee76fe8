"""Turns at providers inside a job: waited for as it waits, kept as long as it holds them."""

from __future__ import annotations

import gc
import threading
import time as true_time
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace

import pytest

from common.documents import Query, open_documents
from common.errors import InvalidInput
from common.limits import Limiter, Limits, NoTurn, Slots, Throttled, Turn, statistics
from common.limits.slots import SLOTS
from common.runs import Outcome, Runs, State, Worker
from common.runtime import Cancelled, Params, job
from common.runtime.perform import perform
from common.runtime.submission import new_run
from common.runtime.turns import Limiters, Pace
from tests.faults import Faulty

pytestmark = pytest.mark.usefixtures("logging_restored")
PATIENCE = 20.0
ONE = Limits(name="p", per_second=100, max_concurrent=1)
SHORT = Limits(name="p", per_second=100, max_concurrent=1, term=timedelta(seconds=0.4))


@pytest.fixture
def store(tmp_path):
    inner = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield Faulty(inner, patience=0.0)
    inner.close()


@pytest.fixture
def attempt(store, tmp_path, monkeypatch):
    """Makes an attempt at a new run of a function; returns the run."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    runs = Runs(store)
    services = SimpleNamespace(documents=store, runs=runs, settings=SimpleNamespace(in_cloud=False))

    def attempt(function, **options):
        def typed(_params: Params, run):
            return function(run)

        made = job("it", **options)(typed)
        run = runs.begin(new_run(made, Params(), now=store.now()), Worker(execution=None, name="x"))
        return perform(made, services, run)

    return attempt


@pytest.fixture
def limiters(store, time):
    """An attempt's limiters, in time that only sleeping moves."""
    store._clock = store.inner._clock = time.clock
    pace = Pace(
        sleep=time.sleep,
        check=lambda: None,
        shielded=nullcontext,
        left=lambda: 600.0,
        clock=time.clock,
    )
    return Limiters(store, pace)


def test_what_was_called_stands_in_the_statistics_when_the_attempt_has_ended(attempt, store):
    def function(run):
        limiter = run.limiter(ONE)
        for _ in range(3):
            with limiter.turn():
                pass

    assert attempt(function).state is State.SUCCEEDED
    found = statistics(store, "p")
    assert (found.calls, found.answered) == (3, 3)
    assert found.efficiency > 0


def test_a_slot_is_renewed_while_the_function_is_in_one_long_call(attempt, store, monkeypatch):
    renewed, ends, commit = threading.Event(), [], store.inner._commit

    def seen(writes, token):
        ends.extend(write.data["until"] for write in writes if write.collection == SLOTS)
        if len(ends) >= 10:
            renewed.set()
        return commit(writes, token)

    monkeypatch.setattr(store.inner, "_commit", seen)

    def function(run):
        with run.limiter(SHORT).turn(), Limiter(store, SHORT) as other:
            assert renewed.wait(PATIENCE)  # the call
            assert store.now() > ends[0]
            assert isinstance(other.try_turn(), float)
        assert isinstance(other.try_turn(), Turn)

    assert attempt(function).state is State.SUCCEEDED


def test_what_nobody_knows_of_any_more_is_not_renewed(attempt):
    def function(run):
        limiter = run.limiter(SHORT)
        limiter.turn()
        gc.collect()
        with limiter.turn(within=PATIENCE):
            return True

    assert attempt(function).state is State.SUCCEEDED


def test_nothing_is_renewed_once_the_attempt_has_ended(attempt):
    held = []

    def function(run):
        held.append(run.limiter(SHORT).turn())
        held.extend(it for it in threading.enumerate() if it.name == "keeper")

    attempt(function)
    _, keeper = held
    keeper.join(PATIENCE)
    assert not keeper.is_alive()


def test_who_waits_for_a_turn_ends_at_once_when_told_to(attempt, store):
    """Sooner than the two seconds after which it would be interrupted."""
    with pytest.raises(Throttled), Limiter(store, ONE).turn():
        raise Throttled("too many", after=120.0)
    waiting, told = threading.Event(), []

    def cancel(run):
        assert waiting.wait(PATIENCE)
        told.append(true_time.monotonic())
        run._stopper.ask(Cancelled())

    def function(run):
        sleep, run.sleep = run.sleep, lambda seconds: (waiting.set(), sleep(seconds))
        threading.Thread(target=cancel, args=(run,)).start()
        try:
            run.limiter(ONE).turn()
        finally:
            told.append(true_time.monotonic())

    assert attempt(function).state is State.CANCELLED
    assert told[1] - told[0] < 1.0


def test_no_signal_interrupts_the_taking_of_a_slot(attempt, store, monkeypatch):
    """Else it would be taken, and nobody would know of it."""
    seen, stopper, commit = [], [], store.inner._commit

    def watched(writes, token):
        if stopper and any(write.collection == SLOTS for write in writes):
            seen.append(stopper[0]._interruptible)
        return commit(writes, token)

    monkeypatch.setattr(store.inner, "_commit", watched)

    def function(run):
        stopper.append(run._stopper)
        assert run._stopper._interruptible
        limiter = run.limiter(ONE)
        held = [limiter.turn()]
        held.pop().release()
        seen.pop()  # the release
        held.append(limiter.try_turn())
        held.pop().release()
        seen.pop()
        held.append(limiter.place())
        assert run._stopper._interruptible
        stopper.clear()

    assert attempt(function).state is State.SUCCEEDED
    assert seen == [False] * 3


def test_no_turn_in_time_is_a_failure_that_is_tried_again_after_a_minute(attempt, store):
    def function(run):
        with pytest.raises(NoTurn):
            run.limiter(ONE).turn(within=0)
        run.limiter(ONE).turn(within=0)

    with Limiter(store, ONE).turn():
        run = attempt(function)
    assert run.state is State.PENDING
    (tried,) = run.attempts
    assert (tried.outcome, tried.error.type) == (Outcome.FAILED, "NoTurnYet")
    assert timedelta(seconds=60) <= run.due - tried.ended <= timedelta(seconds=67)


def test_a_limiter_that_asks_for_longer_is_waited_for_as_long(limiters, store):
    with Limiter(store, ONE, clock=store._clock).turn() as turn:
        turn.throttled(700)
    with pytest.raises(NoTurn) as raised:
        limiters.get(ONE).turn()
    assert raised.value.after == 700


def test_a_turn_is_waited_for_no_longer_than_nine_tenths_of_the_attempts_time(
    limiters, store, time
):
    slots = Slots(store)
    slots.acquire("p", 1, "other", timedelta(days=1))
    with pytest.raises(NoTurn):
        limiters.get(ONE).turn()
    assert 539 <= time.elapsed <= 541


def test_a_name_has_one_limiter_in_an_attempt_and_one_declaration(limiters):
    assert limiters.get(ONE) is limiters.get(Limits(name="p", per_second=100, max_concurrent=1))
    with pytest.raises(InvalidInput, match="p has other limits"):
        limiters.get(SHORT)


def test_a_place_is_one_of_the_slots_where_one_is_free(limiters, store, time):
    other = Limiter(store, ONE, clock=time.clock)
    with limiters.get(ONE).place():
        assert isinstance(other.try_turn(), float)
    assert isinstance(other.try_turn(), Turn)


def test_a_place_takes_no_permit_and_is_no_call(limiters, store):
    for _ in range(5):
        with limiters.get(ONE).place():
            pass
    limiters.close()
    assert statistics(store, "p").calls == 0
    assert store.query(Query("rates")) == []


def test_a_place_that_is_not_to_be_had_comes_with_a_later_renewal(limiters, store, time):
    other = Limiter(store, ONE, clock=time.clock)
    turn = other.try_turn()
    with limiters.get(ONE).place() as place:
        place.renew()
        turn.release()
        place.renew()
        assert isinstance(other.try_turn(), float)
    assert isinstance(other.try_turn(), Turn)


def test_a_place_that_was_lost_is_looked_for_again(limiters, store, time):
    other = Limiter(store, ONE, clock=time.clock)
    with limiters.get(ONE).place() as place:
        time.advance(61)
        turn = other.try_turn()
        place.renew()
        turn.release()
        place.renew()
        assert isinstance(other.try_turn(), float)


def test_a_renewal_after_the_end_of_a_place_takes_nothing(limiters, store):
    with limiters.get(ONE).place() as place:
        pass
    place.renew()
    (slot,) = store.query(Query(SLOTS))
    assert slot.data["holder"] is None


def test_a_store_that_is_down_at_the_end_holds_nobody_up_for_long(limiters, store, time):
    with limiters.get(ONE).turn():
        pass
    store.patience = 60.0
    store.faults.extend(["unavailable"] * 1000)
    limiters.close()
    assert time.elapsed <= 5
    assert store.patience == 60.0
