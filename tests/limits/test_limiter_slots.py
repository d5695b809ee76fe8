"""Containers have no more turns at once than there may be, and wait no longer than they must."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import Query
from common.limits import Limits, NoTurn, SlotLost, Throttled, Turn
from common.limits.slots import SLOTS
from tests.limits.limiting import give_up

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
