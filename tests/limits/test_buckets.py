"""Permits at a rate: never too many, and none kept back."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.documents import Conflict
from common.ids import random_id
from common.limits import Buckets, Rate
from tests.faults import FAULTS, Faulty
from tests.limits.windows import excess

TENTH = Rate(per_second=10)


@pytest.fixture
def buckets(store, rng):
    return Buckets(store, rng=rng)


def test_the_burst_is_had_at_once_then_as_many_as_time_brings(buckets, time):
    assert sum(buckets.take("r", TENTH).count for _ in range(12)) == 10
    time.advance(1)
    assert buckets.take("r", TENTH, 100).count == 10
    time.advance(1)
    assert sum(buckets.take("r", TENTH).count for _ in range(12)) == 10


@pytest.mark.parametrize("wanted", [1, 3])
def test_who_waits_as_long_as_was_said_gets_a_permit(buckets, time, wanted):
    rate = Rate(per_second=0.7, burst=2)
    got = 0
    for _ in range(20):
        permits = buckets.take("r", rate, wanted)
        got += permits.count
        assert bool(permits.count) == (permits.wait == 0.0)
        time.advance(permits.wait)
        if permits.wait:
            assert buckets.ask("r", rate).count == 1
    assert got >= 10


def test_what_is_asked_is_not_taken_until_its_writes_are_committed(buckets, store):
    one = Rate(per_second=1)
    first, second = buckets.ask("r", one), buckets.ask("r", one)
    assert first.count == second.count == 1
    store.commit(first.writes)
    with pytest.raises(Conflict):
        store.commit(second.writes)
    assert buckets.ask("r", one).count == 0


def test_an_answer_takes_no_more_than_was_wanted(buckets):
    assert buckets.take("r", Rate(per_second=10, burst=40), 7).count == 7
    assert buckets.take("r", Rate(per_second=10, burst=40), 100).count == 33
    assert buckets.take("r", Rate(per_second=10, burst=40), 0).count == 0


def test_several_of_one_shard_are_one_write(buckets):
    assert len(buckets.ask("r", Rate(per_second=2, burst=20), 15).writes) == 2


def test_rates_of_other_names_are_other_rates(buckets):
    one = Rate(per_second=1)
    assert [buckets.take(name, one).count for name in ("a", "a", "a.0", "b")] == [1, 0, 1, 1]


def test_a_lowered_rate_holds_at_once_and_leaves_shards_beyond_alone(buckets, time):
    assert buckets.take("r", Rate(per_second=10), 10).count == 10
    time.advance(1)
    two = Rate(per_second=2)
    assert sum(buckets.take("r", two, 10).count for _ in range(3)) == 2
    time.advance(0.4)
    assert buckets.take("r", two, 10).count == 0


def test_a_raised_rate_does_not_wait_out_the_slower_ones_times(buckets, time):
    assert buckets.take("r", Rate(per_second=0.001, burst=3), 3).count == 3
    quick = Rate(per_second=1)
    first = buckets.take("r", quick)
    assert (first.count, first.wait) == (0, 1.0)
    time.advance(first.wait)
    assert buckets.take("r", quick).count == 1


def test_in_vain_nothing_is_asked_of_the_store(store, time):
    faulty = Faulty(store, clock=time.clock)
    faulty._now = time.now
    buckets = Buckets(faulty)
    buckets.take("r", TENTH, 10)
    buckets.take("r", TENTH)
    before = len(faulty.calls)
    for _ in range(100):
        assert buckets.ask("r", TENTH).wait == 1.0
    assert len(faulty.calls) == before


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_permits_at_most_and_gives_none_too_many(store, time, rng, fault):
    faulty = Faulty(store, itertools.islice(itertools.cycle([fault, None, None]), 60))
    faulty._now, faulty._clock = time.now, time.clock
    buckets, granted = Buckets(faulty, rng=rng), []
    for _ in range(40):
        granted += [time.elapsed] * buckets.take("r", TENTH, 2).count
        time.advance(0.05)
    assert excess(TENTH, granted) <= 0
    assert len(granted) >= 15


def test_a_take_that_others_get_ahead_of_looks_again(store):
    buckets, before = Buckets(store), store._commit

    def overtaken(writes, token):
        store._commit = before
        rival = Buckets(store).ask("r", Rate(per_second=1, burst=2))
        store.commit(rival.writes)
        return before(writes, token)

    store._commit = overtaken
    assert buckets.take("r", Rate(per_second=1, burst=2)).count == 1
    assert buckets.take("r", Rate(per_second=1, burst=2)).count == 0


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3000).map(lambda wait: wait / 1000),
        st.integers(1, 12),
        st.sampled_from(["take", "ask", "commit"]),
    ),
    max_size=40,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rate=st.builds(Rate, per_second=st.floats(0.05, 30), burst=st.integers(0, 40)),
    steps=STEPS,
    chance=st.randoms(use_true_random=False),
)
def test_no_window_holds_more_than_the_burst_and_what_time_brings(
    sqlite, time, rate, steps, chance
):
    """However it is asked: at once, several together, and with writes committed later."""
    buckets, name = Buckets(sqlite, rng=chance.random), random_id()
    granted, asked = [], []
    for wait, wanted, act in steps:
        time.advance(wait)
        if act == "take":
            granted += [time.elapsed] * buckets.take(name, rate, wanted).count
        else:
            asked.append((time.elapsed, buckets.ask(name, rate, wanted)))
        if act == "commit":
            then, permits = asked.pop(0)
            granted += [then] * commit(sqlite, permits)
    assert excess(rate, granted) < 1e-3


def commit(store, permits):
    try:
        store.commit(permits.writes)
    except Conflict:
        return 0
    return permits.count


def test_the_check_finds_one_permit_too_many():
    rate = Rate(per_second=2, burst=3)
    even = [0, 0, 0, 0.5, 1.0, 1.5, 9, 9, 9]
    assert excess(rate, even) == 0
    assert excess(rate, [*even, 9.4]) > 0
