"""The retry policy: whether, and after how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.runs import Failure, Retry


def failed(*, retryable=True, after=None):
    return Failure(type="Error", message="no", retryable=retryable, after=after)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 60), (2, 300), (3, 900), (4, None), (100, None)]
)
def test_without_any_policy_it_waits_1_5_and_15_minutes_and_then_no_more(failures, seconds):
    wait = Retry().after(failed(), failures=failures, rng=lambda: 0.0)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_jitter_adds_up_to_a_tenth():
    assert Retry().after(failed(), failures=1, rng=lambda: 1.0) == timedelta(seconds=66)


def test_what_cannot_pass_is_never_tried_again():
    assert Retry().after(failed(retryable=False), failures=1) is None
    assert Retry(()).after(failed(), failures=1) is None
    assert Retry(()).max_attempts == 1


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        (90.0, 90),
        (1.0, 1),
        (0.0, 0),
        (-5.0, 60),
        (float("nan"), 60),
        (float("inf"), 60),
        (1e300, 30 * 86400),
    ],
)
def test_it_waits_as_long_as_it_was_asked_to_within_reason(after, seconds):
    wait = Retry().after(failed(after=after), failures=1, rng=lambda: 0.0)
    assert wait == timedelta(seconds=seconds)
