"""Which runs go next: tenants in turn, by their weights, each turn going on where it ended."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.runs.order import Turn, fair, lanes, ring
from tests.runs.making import made

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

tenants = st.text("abc", max_size=2)
waiting = st.dictionaries(tenants, st.integers(0, 7), max_size=6)
weights = st.dictionaries(tenants, st.integers(1, 4), max_size=6)
turns = st.none() | st.builds(Turn, tenants, st.integers(0, 3))


def runs_of(counts):
    """So many of each tenant, the first the oldest."""
    return [
        made(NOON, f"{tenant}-{number}", age=100 - number, tenant=tenant)
        for tenant, count in counts.items()
        for number in range(count)
    ]


def names(runs):
    return "".join(run.tenant for run in runs)


@given(waiting, weights, turns, st.integers(0, 30))
def test_as_many_as_there_are_each_once_and_of_each_tenant_the_oldest_first(
    counts, weights, turn, count
):
    picked, _ = fair(lanes(runs_of(counts)), count, turn, weights)
    assert len(picked) == min(count, sum(counts.values()))
    assert len({run.id for run in picked}) == len(picked)
    for tenant in counts:
        numbers = [int(run.id.split("-")[1]) for run in picked if run.tenant == tenant]
        assert numbers == list(range(len(numbers)))


@given(waiting, weights, turns, st.lists(st.integers(1, 5), max_size=8))
def test_in_however_many_parts_they_are_taken_the_order_is_the_same(counts, weights, turn, parts):
    whole, _ = fair(lanes(runs_of(counts)), sum(parts), turn, weights)
    left, taken = runs_of(counts), []
    for part in parts:
        picked, turn = fair(lanes(left), part, turn, weights)
        taken += picked
        left = [run for run in left if run not in picked]
    assert [run.id for run in taken] == [run.id for run in whole]


@given(weights, turns, st.lists(tenants, min_size=1, max_size=5, unique=True))
def test_between_two_turns_of_a_tenant_each_other_has_one_at_most(weights, turn, names):
    """So whoever waits is passed by no more starts than the others' weights come to."""
    picked, _ = fair(lanes(runs_of(dict.fromkeys(names, 40))), 40, turn, weights)
    for tenant in names:
        own = [-1, *(at for at, run in enumerate(picked) if run.tenant == tenant)]
        others = sum(weights.get(name, 1) for name in names if name != tenant)
        resumed = turn.left if turn else 0
        assert all(next_ - at - 1 <= others + resumed for at, next_ in pairwise(own))


@pytest.mark.parametrize("part", [1, 7, 50, 400])
def test_weights_of_three_to_one_give_three_starts_to_one(part):
    """Over 400 starts: 300 and 100, however few are taken at a time."""
    left, turn, started = lanes(runs_of({"heavy": 500, "light": 500})), None, Counter()
    while started.total() < 400:
        picked, turn = fair(left, min(part, 400 - started.total()), turn, {"heavy": 3})
        started.update(run.tenant for run in picked)
    assert started == {"heavy": 300, "light": 100}


def test_a_turn_that_was_cut_short_goes_on():
    found = lanes(runs_of({"a": 9, "b": 9}))
    first, turn = fair(found, 2, None, {"a": 3})
    second, _ = fair(found, 6, turn, {"a": 3})
    assert (names(first), names(second)) == ("aa", "abaaab")


def test_a_tenant_without_runs_loses_its_turn_and_not_its_neighbour():
    assert names(fair(lanes(runs_of({"b": 2, "d": 2})), 4, Turn("c", 2), {})[0]) == "dbdb"
    assert names(fair(lanes(runs_of({"a": 1, "b": 3})), 4, Turn("a", 2), {})[0]) == "abbb"


def test_the_ring_begins_after_whose_turn_it_was_or_with_who_has_starts_left():
    assert list(ring("cab", None)) == ["a", "b", "c"]
    assert list(ring("cab", Turn("a"))) == ["b", "c", "a"]
    assert list(ring("cab", Turn("a", 1))) == ["a", "b", "c"]
    assert list(ring("cab", Turn("zz"))) == ["a", "b", "c"]
