"""How often documents are written while many containers call."""

from __future__ import annotations

import pytest

from common.limits import Limiter, Limits
from common.limits.buckets import RATES
from common.limits.stats import HOURS
from tests.limits.simulation import caller, simulate
from tests.limits.windows import excess

SECONDS = 60


@pytest.mark.parametrize(
    ("limits", "took"),
    [
        (Limits(name="x", per_second=10), 0.5),
        (Limits(name="x", per_second=10, max_concurrent=50), 4.0),
        (Limits(name="x", per_second=3, burst=30, max_concurrent=20), 5.0),
    ],
)
def test_no_document_is_written_much_more_than_once_a_second(  # noqa: PLR0913, PLR0917
    sqlite, time, rng, writes, limits, took
):
    """50 containers that want to call all the time, for a minute; the rate is used up."""
    limiters = [Limiter(sqlite, limits, clock=time.clock, rng=rng) for _ in range(50)]
    called, now, most = [], 0, 0

    def at_once(change):
        nonlocal now, most
        now += change
        most = max(most, now)

    simulate(
        time,
        [caller(limiter, time, called, took, at_once) for limiter in limiters],
        until=SECONDS,
    )
    rates = {id: count / SECONDS for id, count in writes.items()}
    assert max(rates.values()) <= 1.2, sorted(rates.items(), key=lambda rate: -rate[1])[:5]
    assert excess(limits.rate(1.0), called, late=1.0) <= 1e-3
    assert most <= (limits.max_concurrent or 50)
    assert len(called) >= 0.95 * limits.per_second * SECONDS


def test_concurrency_is_what_bounds_long_calls_and_is_used_up(sqlite, time, rng):
    limits = Limits(name="ltx", per_second=10, max_concurrent=5)
    limiters = [Limiter(sqlite, limits, clock=time.clock, rng=rng) for _ in range(20)]
    called = []
    simulate(time, [caller(limiter, time, called, 4.0) for limiter in limiters], until=200)
    assert 0.9 * 250 <= len(called) <= 255


def test_waiting_for_the_rate_writes_nothing(sqlite, time, rng, writes):
    limits = Limits(name="starts", per_second=1 / 60)
    limiter = Limiter(sqlite, limits, clock=time.clock, rng=rng)
    limiter.call(lambda: None)
    limiter.call(lambda: None)
    assert time.elapsed >= 60
    assert {id: count for id, count in writes.items() if id[0] != HOURS} == {(RATES, "starts.0"): 2}
