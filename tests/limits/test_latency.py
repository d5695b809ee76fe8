"""What is told to be slow."""

from __future__ import annotations

import random

from common.limits.latency import Latency


def steady(latency, seconds, count):
    return [latency.saw(seconds) for _ in range(count)]


def test_answers_of_the_usual_length_are_not_slow():
    latency, chance = Latency(4), random.Random(3)  # noqa: S311
    assert not any(latency.saw(chance.uniform(0.5, 1.5)) for _ in range(500))
    assert 0.5 < latency.usual < 1.5


def test_answers_that_become_far_slower_are_noticed_soon_and_now_and_then():
    latency = Latency(4)
    steady(latency, 0.2, 50)
    told = steady(latency, 5.0, 12)
    assert True in told[:3]
    assert 2 <= told.count(True) <= 3


def test_one_slow_answer_is_not_a_sign():
    latency = Latency(4)
    steady(latency, 0.2, 50)
    assert not any([*steady(latency, 1.5, 1), *steady(latency, 0.2, 20)])


def test_what_stays_slow_becomes_usual_in_the_end():
    latency = Latency(4)
    steady(latency, 0.2, 50)
    steady(latency, 5.0, 300)
    assert not any(steady(latency, 5.0, 50))


def test_a_few_answers_tell_nothing():
    latency = Latency(4)
    assert not any([latency.saw(0.1), latency.saw(9), latency.saw(9), latency.saw(9)])
    assert latency.usual is None


def test_what_others_found_usual_counts_from_the_beginning():
    latency = Latency(4)
    latency.assume(0.2)
    assert True in steady(latency, 5.0, 6)


def test_milliseconds_are_not_worth_slowing_down_for():
    latency = Latency(4)
    steady(latency, 0.001, 50)
    assert not any(steady(latency, 0.03, 50))


def test_by_a_factor_of_zero_nothing_is_slow():
    latency = Latency(0)
    steady(latency, 0.2, 50)
    assert not any(steady(latency, 50, 50))
