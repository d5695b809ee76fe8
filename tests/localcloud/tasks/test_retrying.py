"""When something is tried again, to the second."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.localcloud.retrying import Retry


def retry(**fields) -> Retry:
    return Retry(
        **{"attempts": 100, "duration": 0, "least": 0.1, "most": 3600, "doublings": 16, **fields}
    )


def waits(of: Retry, times: int) -> list[float]:
    return [of.wait(attempt) for attempt in range(1, times + 1)]


def test_the_documents_example():
    """https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#RetryConfig"""
    example = retry(least=10, most=300, doublings=3)
    assert waits(example, 9) == [10, 20, 40, 80, 160, 240, 300, 300, 300]


def test_without_doublings_waits_grow_evenly():
    assert waits(retry(least=5, most=18, doublings=0), 5) == [5, 10, 15, 18, 18]


def test_the_defaults_double_sixteen_times():
    assert waits(retry(), 3) == [0.1, 0.2, 0.4]
    assert retry().wait(16) == 0.1 * 2**15
    assert retry().wait(17) == 3600


@given(
    least=st.floats(0.01, 3600),
    factor=st.floats(1, 1000),
    doublings=st.integers(0, 100_000),
    attempt=st.integers(1, 100_000),
)
def test_waits_never_shrink_and_stay_within_their_bounds(least, factor, doublings, attempt):
    of = retry(least=least, most=least * factor, doublings=doublings)
    found = [of.wait(each) for each in range(attempt, attempt + 4)]
    assert all(least <= wait <= least * factor for wait in found)
    assert all(one <= next for one, next in pairwise(found))


@pytest.mark.parametrize(
    ("fields", "attempt", "elapsed", "over"),
    [
        ({"attempts": 3}, 2, 1e9, False),
        ({"attempts": 3}, 3, 0, True),
        ({"attempts": 3, "duration": 60}, 3, 59, False),
        ({"attempts": 3, "duration": 60}, 3, 60, True),
        ({"attempts": 3, "duration": 60}, 2, 60, False),
        ({"attempts": -1}, 10_000, 1e9, False),
        ({"attempts": -1, "duration": 60}, 2, 59, False),
        ({"attempts": -1, "duration": 60}, 2, 60, True),
    ],
)
def test_it_is_over_when_both_limits_are_reached_of_those_that_there_are(
    fields, attempt, elapsed, over
):
    assert retry(**fields).over(attempt, elapsed) is over
