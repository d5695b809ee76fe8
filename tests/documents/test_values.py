"""Any value comes back as it was; what some store could not keep all refuse."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.documents import Create, Update
from common.errors import InvalidInput
from tests.documents.things import put


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (2**63, "64 bits"),
        ("\ud800", "surrogate"),
        ([[1]], "list"),
        ({1: 2}, "key"),
        ({"": 2}, "key"),
        ({"__x__": 2}, "key"),
        ({1, 2}, "set"),
        (b"bytes", "bytes"),
        (datetime(2026, 1, 1), "UTC"),  # noqa: DTZ001
        ("x" * 1_000_001, "limit"),
    ],
)
def test_data_that_a_backend_could_not_keep_is_refused_by_all(documents, value, word):
    with pytest.raises(InvalidInput, match=word):
        put(documents, "a", bad=value)
    assert documents.get("things", "a") is None


@pytest.mark.parametrize("name", ["", "a.b", "_token", "__x__", "a b", "`"])
def test_a_field_name_that_a_backend_would_take_for_another_is_refused(documents, name):
    with pytest.raises(InvalidInput, match="name a field"):
        documents.commit([Create("things", "a", {name: 1})])


def test_data_nested_beyond_any_sense_is_refused(documents):
    deep: dict = {}
    for _ in range(10_000):
        deep = {"d": deep}
    with pytest.raises(InvalidInput, match="deep"):
        put(documents, "a", deep=deep)


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "__a__", "x" * 1501, "a\nb"])
def test_an_id_that_a_backend_could_not_keep_is_refused_by_all(documents, id):
    with pytest.raises(InvalidInput):
        put(documents, id)


def test_a_document_near_the_limit_is_kept(documents):
    put(documents, "a", text="x" * 999_000)
    assert len(documents.get("things", "a").data["text"]) == 999_000


def test_updates_that_together_grow_a_document_over_the_limit_are_refused_whole(documents):
    version = put(documents, "a", first="x" * 900_000)
    with pytest.raises(InvalidInput, match=r"limit|1 MiB"):
        documents.commit(
            [Create("things", "b", {}), Update("things", "a", {"second": "y" * 900_000}, version)]
        )
    assert documents.get("things", "b") is None
    assert documents.get("things", "a").data == {"first": "x" * 900_000}


def test_an_update_counts_what_it_replaces_no_more(documents):
    version = put(documents, "a", text="x" * 900_000)
    documents.commit([Update("things", "a", {"text": "y" * 900_000}, version)])
    assert documents.get("things", "a").data == {"text": "y" * 900_000}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = TEXT.filter(lambda text: text and not (text.startswith("__") and text.endswith("__")))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.datetimes(timezones=st.just(UTC)).filter(lambda time: 1 < time.year < 9999),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=VALUES)
def test_any_value_comes_back_as_it_was(documents, value):
    returned = documents.update("things", "any", lambda _: {"value": value})
    found = documents.get("things", "any")
    assert found.data == returned.data == {"value": value}
