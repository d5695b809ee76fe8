"""What lies between two texts, whatever they are, in bounded time."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.monitor_check.comparing import compare
from jobs.monitor_check.summary import summarised
from tests.chaos.counts import trials
from tests.jobs.monitor.conftest import checked

LINES = st.lists(
    st.sampled_from(["One.", "Two.", "Three 3 €.", "Four four four four."]), max_size=9
)


@settings(max_examples=trials(60, 5_000), deadline=None)
@given(LINES, LINES)
def test_what_was_added_and_removed_makes_one_text_of_the_other(before, after):
    found = compare(before, after, [])
    assert Counter(before) - Counter(found.removed) == Counter(after) - Counter(found.added)
    assert (found.similarity == 1.0) == (not found.added and not found.removed)
    assert 0.0 <= found.similarity <= 1.0
    if before != after:
        assert len(summarised(found)) < 3_000
    else:
        assert not found.added


def seconds(work) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def shuffled(lines):
    return random.Random(1).sample(lines, len(lines))  # noqa: S311 - the same each time


UNIQUE = [f"Line {number} of many." for number in range(2_000)]
MANY = [f"Line {number} of many." for number in range(20_000)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (UNIQUE, UNIQUE[::-1]),
        (UNIQUE, shuffled(UNIQUE)),
        (UNIQUE[::2], UNIQUE),
        (MANY[::2], MANY),
        (["a", "b"] * 15_000, ["b", "a"] * 15_001),
    ],
    ids=["reversed", "shuffled", "every other", "many", "two"],
)
def test_no_two_texts_take_long_to_compare(before, after):
    assert seconds(lambda: compare(before, after, [])) < 5


@pytest.mark.parametrize("pattern", ["*a" * 100 + "b", "*?" * 100 + "b", "[a-z]*" * 50, "*" * 300])
def test_no_pattern_takes_long_to_ignore_by(pattern):
    lines = ["a" * 1_000] * 300
    assert seconds(lambda: compare(lines, lines, [pattern] * 10)) < 5


def test_a_page_is_read_by_a_process_of_its_own_too(ledger, site):
    """As all others are, when it is not the reading that is looked at."""
    assert checked(ledger, site, selector="main")["first"]
    site.page("Blue widget: 12 EUR", "We ship on Mondays.", "Call us.")
    assert checked(ledger, site, selector="main")["added"] == 1
