"""What is said of the calls, by all containers together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import Query
from common.errors import Misconfigured, Unavailable
from common.limits import Limiter, Limits, NoTurn, Statistics, Throttled, statistics
from common.limits.stats import HOURS
from tests.faults import FAULTS, Faulty

LIMITS = Limits(name="pixverse", per_second=1)


def container(store, time, rng, limits=LIMITS):
    return Limiter(store, limits, clock=time.clock, rng=rng)


def call(limiter, error=None, took=0.0):
    def function():
        limiter._clock.sleep(took)
        if error is not None:
            raise error

    if error is None:
        limiter.call(function)
        return
    with pytest.raises(type(error)):
        limiter.call(function)


def test_what_all_containers_count_adds_up(store, time, rng):
    with container(store, time, rng) as first, container(store, time, rng) as second:
        call(first, took=2)
        call(second)
        call(second, ValueError("x"))
        call(first, Throttled("429"))
        call(first)
        with pytest.raises(NoTurn):
            second.turn(within=0.1)
    found = statistics(store, "pixverse")
    assert (found.calls, found.throttled, found.failed, found.missed) == (5, 1, 1, 1)
    assert (found.at_once, found.waited, found.answered) == (2, 3, 3)
    assert found.answer_seconds == pytest.approx(2)
    assert found.wait_seconds == pytest.approx(1 + 1 + 1, abs=0.2)
    assert found.mean_wait == pytest.approx(found.wait_seconds / 5)
    assert found.mean_answer == pytest.approx(2 / 3)


def test_a_call_that_the_job_itself_broke_off_says_nothing_of_the_provider(sqlite, time, rng):
    with container(sqlite, time, rng) as limiter:
        call(limiter, KeyboardInterrupt(), took=5)
    found = statistics(sqlite, "pixverse")
    assert (found.calls, found.failed, found.answered, found.answer_seconds) == (1, 0, 0, 0)


def test_one_who_is_not_closed_says_it_once_a_minute(store, time, rng):
    limiter = container(store, time, rng)
    for _ in range(30):
        call(limiter)
    assert statistics(store, "pixverse").calls == 0
    for _ in range(31):
        call(limiter)
    assert 60 <= statistics(store, "pixverse").calls <= 61
    assert len(store.query(Query(HOURS))) == 1


def test_hours_are_told_apart_and_go_after_some_days(store, time, rng):
    with container(store, time, rng) as limiter:
        call(limiter)
    time.advance(timedelta(hours=3))
    with container(store, time, rng) as limiter:
        call(limiter)
        call(limiter)
    assert [statistics(store, "pixverse", hours=hours).calls for hours in (1, 3, 4)] == [2, 2, 3]
    for document in store.query(Query(HOURS)):
        age = document.data["expires"] - time.now()
        assert timedelta(days=7) < age < timedelta(days=9)


def test_an_hour_has_a_few_documents_however_many_containers_there_are(sqlite, time, rng):
    quick = Limits(name="pixverse", per_second=400)
    for _ in range(200):
        with container(sqlite, time, rng, quick) as limiter:
            call(limiter)
    assert len(sqlite.query(Query(HOURS))) == 8
    assert statistics(sqlite, "pixverse").calls == 200


def test_other_limiters_are_not_counted_in(store, time, rng):
    with container(store, time, rng) as limiter:
        call(limiter)
    assert statistics(store, "pix").calls == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_counted_twice_or_lost_whatever_fails(store, time, rng, fault):
    """The store fails for longer than anybody's patience, and answers are lost."""
    faulty = Faulty(store, clock=time.clock, patience=0)
    faulty._now = time.now
    limiter = container(faulty, time, rng, Limits(name="pixverse", per_second=100))
    for _ in range(3):
        call(limiter)
        faulty.faults.extend([None, fault])  # it reads, and then writes
        limiter.close()
        faulty.faults.clear()
    limiter.close()
    assert statistics(store, "pixverse").calls == 3


def test_an_answer_that_was_lost_is_not_added_again_when_others_wrote_since(store, time):
    faulty = Faulty(store, clock=time.clock, patience=0)
    faulty._now = time.now
    limiter = container(faulty, time, lambda: 0.0)
    call(limiter)
    faulty.faults.extend([None, "lost"])
    limiter.close()
    with container(store, time, lambda: 0.0) as other:
        call(other)
    limiter.close()
    assert statistics(store, "pixverse").calls == 2


def test_a_turn_ends_well_also_when_the_store_does_not_answer(store, time, rng):
    faulty = Faulty(store, clock=time.clock, patience=1)
    faulty._now = time.now
    limits = Limits(name="pixverse", per_second=100, max_concurrent=1)
    limiter = container(faulty, time, rng, limits)
    with limiter.turn() as turn:
        faulty.faults.extend(["unavailable"] * 100)
        turn.throttled(after=20)
    faulty.faults.clear()
    assert limiter.try_turn() == pytest.approx(20, abs=2)
    faulty.faults.extend(["unavailable"] * 100)
    time.advance(60)
    with pytest.raises(Unavailable):
        limiter.turn()


def test_whoever_has_called_hears_of_no_error_of_the_store(sqlite, time, rng):
    """Or it might take a call that was made for one that was not."""
    limits = Limits(name="pixverse", per_second=100, max_concurrent=1)
    limiter = container(sqlite, time, rng, limits)
    turn = limiter.try_turn()

    def broken(_writes, _token):
        raise Misconfigured("on command")

    sqlite._commit = broken
    time.advance(100)
    with turn:
        turn.throttled()
    with pytest.raises(Misconfigured):
        limiter.turn()


def test_a_sign_that_could_not_be_told_is_told_when_the_store_answers_again(store, time, rng):
    faulty = Faulty(store, clock=time.clock, patience=1)
    faulty._now = time.now
    limiter = container(faulty, time, rng)
    with limiter.turn() as turn:
        faulty.faults.extend(["unavailable"] * 100)
        turn.throttled(after=200)
    faulty.faults.clear()
    time.advance(50)
    assert limiter.try_turn() == pytest.approx(150, abs=2)
    other = container(store, time, rng)
    assert other.try_turn() == pytest.approx(150, abs=2)


@pytest.mark.parametrize(
    ("counts", "efficiency"),
    [
        ({}, 1.0),
        ({"calls": 10, "answer_seconds": 50.0}, 1.0),
        ({"calls": 10}, 1.0),
        ({"calls": 10, "throttled": 1, "answer_seconds": 50.0}, 0.9),
        ({"calls": 10, "answer_seconds": 30.0, "wait_seconds": 10.0}, 0.75),
        ({"calls": 10, "throttled": 5, "answer_seconds": 9.0, "wait_seconds": 1.0}, 0.45),
        ({"calls": 10, "throttled": 10}, 0.0),
        ({"calls": 10, "wait_seconds": 5.0}, 0.0),
    ],
)
def test_efficiency_is_the_share_that_is_not_refused_and_not_waited_for(counts, efficiency):
    found = Statistics(name="x", hours=24, **counts)
    assert found.efficiency == pytest.approx(efficiency)
