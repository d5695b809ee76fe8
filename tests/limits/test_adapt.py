"""How a rate gives way and comes back."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.limits.adapt import Observation, Policy, State, adapt, share

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLICY = Policy(recovery=100)


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def throttled(began, after=None):
    return Observation(began=at(began), throttled=True, after=after)


def shares(state, *moments):
    return [share(state, at(moment), POLICY) for moment in moments]


def test_without_a_sign_the_whole_rate_holds():
    assert share(State(), NOON, POLICY) == 1.0


def test_it_falls_by_a_factor_and_comes_back_evenly():
    state = adapt(State(), throttled(0), at(1), POLICY)
    assert shares(state, 1, 11, 21, 51, 999) == [0.5, 0.6, 0.7, 1.0, 1.0]


def test_a_slow_answer_lowers_it_less():
    slow = Observation(began=at(0), throttled=False)
    assert shares(adapt(State(), slow, at(1), POLICY), 1) == [0.8]


def test_calls_that_began_before_it_fell_do_not_lower_it_again():
    state = adapt(State(), throttled(0), at(5), POLICY)
    for began in (0, 3, 5):
        assert adapt(state, throttled(began), at(9), POLICY) is state
    again = adapt(state, throttled(6), at(7), POLICY)
    assert shares(again, 7) == [0.25]


def test_signs_within_a_second_lower_it_once():
    state = adapt(State(), throttled(0), at(1), POLICY)
    assert adapt(state, throttled(1.1), at(1.9), POLICY) is state


def test_retry_after_is_kept_and_the_rate_rises_only_after_it():
    state = adapt(State(), throttled(0, after=30), at(1), POLICY)
    assert state.not_before == at(31)
    assert shares(state, 30, 31, 41) == [0.5, 0.5, 0.6]


def test_a_later_retry_after_holds_and_an_earlier_one_does_not():
    state = adapt(State(), throttled(0, after=30), at(1), POLICY)
    assert adapt(state, throttled(0, after=5), at(2), POLICY) is state
    assert adapt(state, throttled(0, after=29.5), at(2), POLICY) is state
    assert adapt(state, throttled(0, after=60), at(2), POLICY).not_before == at(62)


@pytest.mark.parametrize("after", [float("nan"), float("inf"), -1.0, 0.0, None])
def test_a_retry_after_that_makes_no_sense_is_none(after):
    assert adapt(State(), throttled(0, after), at(1), POLICY).not_before is None


def test_nobody_is_waited_for_longer_than_a_day():
    assert adapt(State(), throttled(0, 1e12), at(0), POLICY).not_before == at(86400)


@given(
    signs=st.lists(
        st.tuples(
            st.floats(0, 100),
            st.floats(0, 10),
            st.booleans(),
            st.none() | st.floats(),
        ),
        max_size=30,
    )
)
def test_whatever_comes_the_rate_stays_between_its_lowest_and_the_whole(signs):
    """And it falls at most once a second, so that the document is written no more often for it."""
    state, now, falls = State(), 0.0, []
    for passed, took, is_throttled, after in signs:
        now += passed
        seen = Observation(began=at(now - took), throttled=is_throttled, after=after)
        state = adapt(state, seen, at(now), POLICY)
        falls.append(state.since)
        assert POLICY.lowest <= share(state, at(now), POLICY) <= 1.0
        assert state.not_before is None or state.not_before <= at(now + 86400)
    moments = sorted({fall for fall in falls if fall})
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert all(gap >= timedelta(seconds=1) for gap in gaps)
