"""Limits are changed at run time, and nonsense is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.errors import InvalidInput
from common.limits import Limits, set_limits
from common.limits.board import LIMITERS
from tests.limits.limiting import TEN, rate_of


def test_limits_set_at_run_time_hold_for_all_within_seconds_and_can_be_taken_back(
    container, store, time
):
    limiter = container(TEN)
    limiter.call(lambda: None)
    set_limits(store, "pixverse", per_second=2, max_concurrent=1)
    time.advance(2 * store.read_interval)
    assert rate_of(limiter, store) == 2
    with limiter.turn():
        assert isinstance(container(TEN).try_turn(), float)
    set_limits(store, "pixverse")
    time.advance(2 * store.read_interval)
    assert rate_of(limiter, store) == 10


@pytest.mark.parametrize(
    "bad", [{"per_second": 0}, {"per_second": float("nan")}, {"burst": -1}, {"max_concurrent": -1}]
)
def test_what_is_no_limit_is_refused(store, bad):
    with pytest.raises(InvalidInput):
        set_limits(store, "pixverse", **bad)
    with pytest.raises(InvalidInput):
        Limits(**{"name": "x", "per_second": 1, **bad})
    assert store.get(LIMITERS, "pixverse") is None


def test_nonsense_in_the_document_is_left_aside(container, store):
    store.update(
        LIMITERS,
        "pixverse",
        lambda _: {"per_second": -1, "burst": "x", "max_concurrent": True, "since": 3, "usual": []},
    )
    limiter = container(TEN)
    limiter.call(lambda: None)
    assert limiter._board.known.limits == TEN


def test_a_term_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="term"):
        Limits(name="x", per_second=1, term=timedelta(0))
