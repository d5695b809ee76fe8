"""Containers slow down where the provider cannot keep up, and recover."""

from __future__ import annotations

import pytest

from common.limits import Limits, Throttled
from common.limits.board import LIMITERS
from tests.limits.limiting import ADAPTIVE, POLICY, give_up, rate_of, refused


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
