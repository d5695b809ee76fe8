"""Containers that know of each other by the store only keep to one rate."""

from __future__ import annotations

import pytest

from common.limits import Limits, NoTurn, Turn
from tests.limits.limiting import TEN
from tests.limits.simulation import caller, simulate
from tests.limits.windows import excess


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
