"""How fast a queue may flow, to the token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common.localcloud.tasks.flow import Flow

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = {"maxDispatchesPerSecond": 10.0, "maxBurstSize": 20}


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def flow() -> Flow:
    return Flow.of(LIMITS, {}, NOW)


def test_a_new_queue_has_its_burst(flow):
    assert flow.tokens == 20
    assert flow.wait(NOW) == 0


def test_an_empty_one_fills_at_its_rate_up_to_its_burst(flow):
    empty = flow.taken(20)
    assert empty.wait(NOW) == 0.1
    assert empty.filled(later(0.5)).tokens == 5
    assert empty.filled(later(60)).tokens == 20


def test_a_clock_that_goes_back_gives_and_takes_nothing(flow):
    empty = flow.taken(20)
    assert empty.filled(later(-60)) == empty


def test_what_is_kept_is_all_of_it(flow):
    slower = flow.taken(3).slower(NOW)
    assert Flow.of(LIMITS, slower.kept(), later(5)) == slower
    assert Flow.of(LIMITS, flow.kept(), later(5)) == flow


def test_each_refusal_halves_the_rate_and_ends_the_burst(flow):
    slower = flow.slower(NOW)
    assert (slower.pace(NOW), slower.tokens) == (5, 0)
    assert slower.wait(NOW) == pytest.approx(0.2)
    assert slower.slower(later(1)).pace(later(1)) == 2.5


def test_refusals_within_a_second_are_one(flow):
    assert flow.slower(NOW).slower(later(0.9)) is None


def test_six_times_at_most(flow):
    for second in range(9):
        flow = flow.slower(later(second))
    assert flow.pace(later(8)) == 10 / 2**6


def test_ten_seconds_without_one_double_it_again(flow):
    slower = flow.slower(NOW).slower(later(1))
    assert [slower.pace(later(1 + passed)) for passed in (9, 10, 20, 1000)] == [2.5, 5, 10, 10]
