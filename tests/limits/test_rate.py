"""What a rate is divided into."""

from __future__ import annotations

import pytest

from common.errors import InvalidInput
from common.limits import Rate


@pytest.mark.parametrize(
    ("per_second", "burst", "shards", "capacity", "interval"),
    [
        (10, 0, 10, 1, 1),
        (10, 50, 10, 5, 1),
        (10, 3, 3, 1, 0.3),
        (2.5, 0, 3, 1, 1.2),
        (0.5, 0, 1, 1, 2),
        (0.5, 4, 1, 4, 2),
        (10 / 60, 10, 1, 10, 6),
    ],
)
def test_no_shard_gives_more_than_one_a_second_unless_the_burst_is_smaller(
    per_second, burst, shards, capacity, interval
):
    rate = Rate(per_second=per_second, burst=burst)
    assert (rate.shards, rate.capacity) == (shards, capacity)
    assert rate.interval == pytest.approx(interval)


@pytest.mark.parametrize("per_second", [0, -1, float("nan"), float("inf"), 1e-10])
def test_what_is_no_rate_is_refused(per_second):
    with pytest.raises(InvalidInput):
        Rate(per_second=per_second)


def test_a_burst_below_nothing_is_refused():
    with pytest.raises(InvalidInput, match="burst"):
        Rate(per_second=1, burst=-1)
