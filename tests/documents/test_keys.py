"""The keys that SQLite compares in place of values, and sizes found the quick way."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.documents import json
from common.documents.document import _size
from common.documents.keys import key, key_of_json, least, most
from common.documents.sizes import quick_size

MADE_OF_JSON = f"SELECT {key_of_json('field')} FROM (SELECT ? AS _data)"  # noqa: S608
TIME = "2026-11-22T12:00:00.000000Z"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.integers(-(2**40), 2**40).map(lambda number: number / 8)
    | TEXT
    | st.sampled_from([TIME, f"\\{TIME}", f"{TIME}Z", "", NOON])
    | st.datetimes(timezones=st.just(UTC))
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
)
ONE_OF_EACH = [
    -1.5,
    2**62,
    "",
    TIME,
    "\U0010ffff",
    False,
    True,
    datetime.min.replace(tzinfo=UTC),
    NOON,
]


@pytest.fixture(scope="module")
def sql():
    with closing(sqlite3.connect(":memory:")) as connection:
        yield lambda statement, *values: connection.execute(statement, values).fetchone()[0]


@given(value=VALUES)
def test_a_key_is_the_same_whether_made_of_the_value_or_of_its_json(sql, value):
    text = json.encode({"field": value})
    made = sql(MADE_OF_JSON, text)
    assert (type(made), made) == (type(key(value)), key(value))


def test_a_missing_field_has_no_key(sql):
    assert sql(MADE_OF_JSON, "{}") is None


@given(first=TEXT | SCALARS, second=TEXT | SCALARS)
def test_keys_of_one_type_are_ordered_as_the_values_are(sql, first, second):
    if kind(first) is kind(second) and first is not None:
        if isinstance(first, str):  # as SQLite and Firestore order text
            first, second = (str(json.scalar(text)) for text in (first, second))
            ordered = first.encode() < second.encode()
        else:
            ordered = first < second
        assert sql("SELECT ? < ?", key(first), key(second)) == ordered


@pytest.mark.parametrize("value", [*ONE_OF_EACH, None, [], {}])
@pytest.mark.parametrize("asked", ONE_OF_EACH)
def test_a_key_is_within_the_stretch_of_its_own_type_only(sql, value, asked):
    stretch = f"{least(type(asked))} AND key {most(type(asked))}"
    within = sql(f"SELECT key {stretch} FROM (SELECT ? AS key)", key(value))  # noqa: S608
    assert within == (kind(value) is kind(asked))


def kind(value):
    return float if type(value) is int else type(value)


@given(data=st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), VALUES, max_size=5))
def test_a_size_found_the_quick_way_is_that_found_by_looking_closely(data):
    quick = quick_size(data)
    if quick is not None:
        assert quick == sum(len(name) + _size(name, value, 1) for name, value in data.items())


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**63, "\ud800", [[1]], [([],)], {1: 2}, {"": 2}, {"__x__": 2},
     {1, 2}, b"bytes", NOON.replace(tzinfo=None), [{"a": [float("-inf")]}], {"k" * 1_001: 1}],
)  # fmt: skip
def test_what_no_document_can_hold_is_never_passed_over(value):
    assert quick_size({"field": value}) is None
    assert quick_size({"field": {"a": value}}) is None
    assert quick_size({"field": [{"a": value}]}) is None


def test_what_runs_are_made_of_is_found_the_quick_way():
    attempts = [{"number": 1, "started": NOON, "worker": {"name": "x", "task": 0}, "error": None}]
    assert quick_size({"attempts": attempts, "fraction": 0.5, "ready": True}) is not None
