"""Filters where a field holds several types, and values that no filter can have."""

from __future__ import annotations

import operator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from common.documents import Create, Query
from common.errors import InvalidInput

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MIXED = {
    "integer": 1,
    "real": 1.5,
    "true": True,
    "false": False,
    "null": None,
    "text": "b",
    "more-text": "c",
    "digit": "1",
    "like-a-list": '["b"]',
    "like-a-boolean": "true",
    "list": ["b"],
    "map": {"b": "b"},
    "time": NOON,
    "later": NOON + timedelta(days=1),
}
COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
ASKED = ["b", "1", '["b"]', "true", 1, 1.5, True, False, NOON]


@pytest.mark.parametrize("sign", COMPARE)
def test_a_comparison_matches_values_of_its_own_type_only(documents, sign):
    documents.commit([Create("mixed", id, {"value": value}) for id, value in MIXED.items()])
    for asked in ASKED:
        query = Query("mixed", where=(("value", sign, asked),))
        expected = {
            id
            for id, value in MIXED.items()
            if kind(value) is kind(asked) and COMPARE[sign](value, asked)
        }
        assert {found.id for found in documents.query(query)} == expected, asked
        assert documents.count(query) == len(expected), asked


def kind(value: object) -> type:
    return float if type(value) is int else type(value)


@pytest.mark.parametrize("sign", COMPARE)
@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("\ud800", "surrogate"),
        (float("nan"), "finite"),
        (float("-inf"), "finite"),
        (2**63, "64 bits"),
        (-(2**63) - 1, "64 bits"),
        (datetime(2026, 1, 1), "UTC"),  # noqa: DTZ001
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))), "UTC"),
        (["b"], "one value"),
        ({"b": 1}, "one value"),
        (b"b", "bytes"),
        ({1}, "set"),
    ],
)
def test_a_value_that_a_backend_cannot_compare_with_is_refused(sign, value, word):
    with pytest.raises(InvalidInput, match=f"size.*{word}"):
        Query("things", where=(("size", sign, value),))


def test_text_that_reads_like_a_time_is_still_text(documents):
    text = "2026-11-22T12:00:00.000000Z"
    documents.commit([Create("mixed", "text", {"value": text})])
    documents.commit([Create("mixed", "time", {"value": NOON})])
    for asked, found in [(text, ["text"]), (NOON, ["time"])]:
        query = Query("mixed", where=(("value", "==", asked),))
        assert [document.id for document in documents.query(query)] == found


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), 0.5, "", "☕", True, NOON])
def test_a_value_that_backends_can_compare_with_is_taken(documents, value):
    documents.commit([Create("things", "a", {"size": value})])
    query = Query("things", where=(("size", "==", value),))
    assert [found.id for found in documents.query(query)] == ["a"]
