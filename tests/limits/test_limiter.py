"""Turns at a provider, shared by containers that know of each other by the store only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import Query
from common.errors import InvalidInput
from common.limits import Limiter, Limits, NoTurn, Policy, SlotLost, Throttled, Turn, set_limits
from common.limits.board import LIMITERS
from common.limits.slots import SLOTS
from tests.limits.simulation import caller, simulate
from tests.limits.windows import excess

TEN = Limits(name="pixverse", per_second=10)
POLICY = Policy(recovery=100)


@pytest.fixture
def container(store, time, rng):
    """Makes limiters, each as a container of its own has it."""

    def make(limits=TEN, **options):
        return Limiter(store, limits, clock=time.clock, rng=rng, **options)

    return make


def refused(limiter, after=None):
    with pytest.raises(Throttled):
        limiter.call(lambda: give_up(Throttled("429", after=after)))


def give_up(error):
    raise error


# --- rate


def test_a_call_returns_what_it_calls(container):
    assert container().call(lambda: 42) == 42


@pytest.mark.parametrize("took", [0.0, 0.4])
def test_containers_keep_to_one_rate_and_use_it_up(container, time, took):
    called = []
    simulate(time, [caller(container(), time, called, took) for _ in range(8)], until=20)
    assert excess(TEN.rate(1.0), called, late=1.0) <= 1e-3
    assert len(called) >= 195


def test_one_that_calls_seldom_keeps_to_it_exactly(container, time):
    slow, called = Limits(name="s", per_second=0.5, burst=2), []
    limiters = [container(slow) for _ in range(3)]
    for number in range(20):
        limiters[number % 3].call(lambda: called.append(time.elapsed))
    assert excess(slow.rate(1.0), called) <= 1e-3
    assert 36 <= called[-1] <= 40


def test_one_that_calls_often_takes_several_permits_together(container, store, time):
    limiter, asked = container(Limits(name="p", per_second=50)), []
    commit = store._commit
    store._commit = lambda writes, token: asked.append(len(writes)) or commit(writes, token)
    for _ in range(300):
        limiter.call(lambda: time.advance(0.03))
    assert len(asked) < 30
    assert sum(asked) <= 330


def test_permits_that_were_not_used_within_a_second_are_given_up(container, time):
    limiter = container()
    for _ in range(3):
        limiter.call(lambda: None)
    assert len(limiter._portion._kept) == 1
    time.advance(10)
    others = container()
    assert sum(isinstance(others.try_turn(), Turn) for _ in range(20)) == 10
    assert isinstance(limiter.try_turn(), float)


def test_who_must_not_wait_is_told_how_long_it_would_be(container, time):
    limiter = container(Limits(name="starts", per_second=0.1))
    with limiter.try_turn():
        pass
    assert limiter.try_turn() == pytest.approx(10)
    time.advance(10)
    assert isinstance(limiter.try_turn(), Turn)
    assert time.slept == []


def test_a_turn_that_cannot_be_had_in_time_is_not_waited_for(container, time):
    limiter = container(Limits(name="s", per_second=0.1))
    limiter.call(lambda: None)
    with pytest.raises(NoTurn, match=r"in 10\.0 s") as caught:
        limiter.turn(within=5)
    assert caught.value.after == pytest.approx(10)
    assert time.elapsed == 0
    limiter.call(lambda: None, within=11)
    assert time.elapsed == pytest.approx(10, abs=0.2)


# --- concurrency

ONE = Limits(name="ltx", per_second=100, max_concurrent=2)


def test_no_more_turns_are_had_at_once_than_there_may_be(container):
    first, second, third = (container(ONE) for _ in range(3))
    with first.try_turn(), second.try_turn() as held:
        assert isinstance(third.try_turn(), float)
        held.release()
        with third.try_turn():
            assert isinstance(second.try_turn(), float)


def test_a_slot_comes_free_however_the_turn_ends(container):
    limiter = container(ONE)
    for error in (ValueError("x"), KeyboardInterrupt(), Throttled("429")):
        with pytest.raises(type(error)), limiter.turn():
            raise error
    turns = [limiter.try_turn() for _ in range(2)]
    assert all(isinstance(turn, Turn) for turn in turns)


def test_who_waits_for_a_slot_has_it_soon_after_it_is_free(container, store, time):
    limiter = container(ONE)
    held = [limiter.try_turn(), limiter.try_turn()]

    def sleep(seconds):
        time.sleep(seconds)
        if time.elapsed > 10:
            held[0].release()

    with container(ONE).turn(sleep=sleep):
        assert 10 < time.elapsed <= 10 + 6 * store.read_interval


def test_who_gives_up_waiting_for_a_slot_has_waited_as_long_as_there_was_time(container, time):
    limiter = container(ONE)
    held = [limiter.try_turn(), limiter.try_turn()]
    with pytest.raises(NoTurn):
        limiter.turn(within=7)
    assert time.elapsed == pytest.approx(7, abs=0.01)
    assert len(held) == 2


def test_the_slot_of_a_container_that_died_is_free_after_its_term(container, time):
    dead = [container(ONE).try_turn() for _ in range(2)]
    time.advance(59)
    assert isinstance(container(ONE).try_turn(), float)
    time.advance(1)
    assert isinstance(container(ONE).try_turn(), Turn)
    assert len(dead) == 2


def test_a_long_turn_is_kept_by_renewing_it_and_costs_few_writes(container, store, time):
    turns = [container(ONE).try_turn() for _ in range(2)]
    before, commits = store._commit, []
    store._commit = lambda writes, token: commits.append(1) or before(writes, token)
    for _ in range(600):
        time.advance(1)
        for turn in turns:
            turn.renew()
    assert isinstance(container(ONE).try_turn(), float)
    assert len(commits) == 2 * 600 / 15


def test_a_turn_that_was_not_renewed_in_time_is_lost(container, time):
    turns = [container(ONE).try_turn() for _ in range(2)]
    time.advance(61)
    held = [container(ONE).try_turn() for _ in range(2)]
    with pytest.raises(SlotLost):
        turns[0].renew()
    turns[1].release()
    assert isinstance(container(ONE).try_turn(), float)
    assert len(held) == 2


def test_a_wait_ends_when_there_is_no_more_reason_for_it_and_leaves_no_slot_behind(container, time):
    limits = Limits(name="x", per_second=0.01, max_concurrent=1, term=timedelta(seconds=1000))
    container(limits).call(lambda: None)
    limiter = container(limits)

    def check():
        if time.elapsed > 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        limiter.turn(check=check)
    with pytest.raises(KeyboardInterrupt):
        limiter.turn(sleep=lambda _: give_up(KeyboardInterrupt()))
    time.advance(100)
    assert isinstance(container(limits).try_turn(), Turn)


def test_whose_permit_another_takes_first_leaves_no_slot_behind(container, store):
    limits = Limits(name="x", per_second=0.01, max_concurrent=1)
    container(limits).call(lambda: None)
    limiter = container(limits)
    limiter._portion.peek = lambda _: 0.0  # it was there when it was looked for
    assert limiter.try_turn() == pytest.approx(100)
    assert [slot.data["holder"] for slot in store.query(Query(SLOTS))] == [None]


def test_a_wait_for_the_rate_that_outlasts_the_term_keeps_its_slot(container, time):
    limits = Limits(name="x", per_second=0.01, max_concurrent=1)
    container(limits).call(lambda: None)
    other = container(limits)

    def sleep(seconds):
        time.sleep(seconds)
        assert isinstance(other.try_turn(), float)

    with container(limits).turn(sleep=sleep):
        assert time.elapsed == pytest.approx(100, abs=5)


# --- giving way

ADAPTIVE = Limits(name="heygen", per_second=10, policy=POLICY)


def rate_of(limiter, store):
    return limiter._board.standing().rate(store.now()).per_second


def test_too_many_requests_slow_all_containers_and_they_recover(container, store, time):
    first, second = container(ADAPTIVE), container(ADAPTIVE)
    second.call(lambda: None)
    refused(first)
    assert rate_of(first, store) == 5
    time.advance(2 * store.read_interval)
    assert rate_of(second, store) == 5
    time.advance(20)
    assert rate_of(second, store) == 7
    time.advance(40)
    assert rate_of(first, store) == rate_of(second, store) == 10


def test_nobody_calls_before_retry_after_is_over(container, store, time):
    first, second = container(ADAPTIVE), container(ADAPTIVE)
    second.call(lambda: None)
    refused(first, after=30)
    assert first.try_turn() == pytest.approx(30)
    time.advance(2 * store.read_interval)
    assert second.try_turn() == pytest.approx(30 - 2 * store.read_interval)
    assert container(ADAPTIVE).call(lambda: time.elapsed) >= 30


def test_who_must_not_wait_is_told_of_retry_after_also_where_there_is_no_permit(container):
    limiter = container(Limits(name="starts", per_second=1, policy=POLICY))
    refused(limiter, after=30)
    assert limiter.try_turn() == pytest.approx(30)


def test_a_permit_that_was_taken_before_waits_for_retry_after_too(container, time):
    limiter = container(ADAPTIVE)
    for _ in range(6):
        limiter.call(lambda: None)
    refused(limiter, after=0.9)
    assert limiter.call(lambda: time.elapsed) >= 0.9


def test_a_provider_that_takes_fewer_calls_is_kept_to_with_few_refused(container, time):
    """Declared at 10 a second, it takes 4. More than three quarters of that are used."""
    limiter, told, left = container(ADAPTIVE), [], [4.0, 0.0]

    def provider():
        left[:] = [min(4.0, left[0] + 4 * (time.elapsed - left[1])), time.elapsed]
        if left[0] < 1:
            raise Throttled("429", after=1)
        left[0] -= 1

    for _ in range(1000):
        try:
            limiter.call(provider)
        except Throttled:
            told.append(time.elapsed)
    assert (1000 - len(told)) / time.elapsed > 3
    assert 3 < len(told) < 20


def test_answers_that_become_far_slower_than_usual_slow_all_containers(container, store, time):
    first, second = container(ADAPTIVE), container(ADAPTIVE)
    for _ in range(30):
        first.call(lambda: time.advance(0.2))
    assert rate_of(first, store) == 10
    for _ in range(3):
        first.call(lambda: time.advance(3))
    assert 8 <= rate_of(first, store) == rate_of(second, store) < 9


def test_what_is_usual_is_known_to_containers_that_come_later(container, store, time):
    with container(ADAPTIVE) as first:
        for _ in range(10):
            first.call(lambda: time.advance(0.2))
    second = container(ADAPTIVE)
    for _ in range(6):
        second.call(lambda: time.advance(3))
    assert rate_of(second, store) < 10


def test_errors_of_the_providers_own_library_are_known_by_who_is_told_to(container):
    limiter = container(ADAPTIVE, is_throttled=lambda error: "429" in str(error))
    with pytest.raises(OSError, match="429"):
        limiter.call(lambda: give_up(OSError("429 slow down")))
    assert limiter._board.known.state.share == 0.5


def test_a_failure_or_an_end_of_the_job_is_no_reason_to_give_way(container, store):
    limiter = container(ADAPTIVE)
    for error in (ValueError("x"), KeyboardInterrupt()):
        with pytest.raises(type(error)), limiter.turn():
            raise error
    assert store.get(LIMITERS, "heygen") is None


# --- changed at run time


def test_limits_set_at_run_time_hold_for_all_within_seconds_and_can_be_taken_back(
    container, store, time
):
    limiter = container(TEN)
    limiter.call(lambda: None)
    set_limits(store, "pixverse", per_second=2, max_concurrent=1)
    time.advance(2 * store.read_interval)
    assert rate_of(limiter, store) == 2
    with limiter.turn():
        assert isinstance(container(TEN).try_turn(), float)
    set_limits(store, "pixverse")
    time.advance(2 * store.read_interval)
    assert rate_of(limiter, store) == 10


@pytest.mark.parametrize(
    "bad", [{"per_second": 0}, {"per_second": float("nan")}, {"burst": -1}, {"max_concurrent": -1}]
)
def test_what_is_no_limit_is_refused(store, bad):
    with pytest.raises(InvalidInput):
        set_limits(store, "pixverse", **bad)
    with pytest.raises(InvalidInput):
        Limits(**{"name": "x", "per_second": 1, **bad})
    assert store.get(LIMITERS, "pixverse") is None


def test_nonsense_in_the_document_is_left_aside(container, store):
    store.update(
        LIMITERS,
        "pixverse",
        lambda _: {"per_second": -1, "burst": "x", "max_concurrent": True, "since": 3, "usual": []},
    )
    limiter = container(TEN)
    limiter.call(lambda: None)
    assert limiter._board.known.limits == TEN


def test_a_term_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="term"):
        Limits(name="x", per_second=1, term=timedelta(0))
