"""Queries find what matches, in order, page after page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from common.documents import Delete, Query
from common.documents.pages import every
from common.errors import InvalidInput
from tests.documents.things import NOON, ids, put


@pytest.fixture
def fruit(documents):
    for id, kind, size, when in [
        ("a", "apple", 3, NOON),
        ("b", "pear", 1, NOON + timedelta(seconds=1)),
        ("c", "apple", 1, NOON + timedelta(microseconds=1)),
        ("d", "apple", 2, NOON - timedelta(days=1)),
    ]:
        put(documents, id, kind=kind, size=size, when=when, half=size / 2, big=size > 1)
    put(documents, "e", kind=None)
    return documents


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ((), "abcde"),
        ((("kind", "==", "apple"),), "acd"),
        ((("kind", "==", None),), "e"),
        ((("kind", ">", "apple"),), "b"),
        ((("kind", "<=", "apple"),), "acd"),
        ((("size", ">=", 2),), "ad"),
        ((("half", "<", 1),), "bc"),
        ((("big", "==", True),), "ad"),
        ((("big", "==", False),), "bc"),
        ((("size", "==", True),), ""),
        ((("big", "==", 1),), ""),
        ((("when", ">", NOON),), "bc"),
        ((("when", "<=", NOON), ("kind", "==", "apple")), "ad"),
        ((("size", ">", 1), ("size", "<", 3)), "d"),
        ((("missing", "==", None),), ""),
        ((("size", ">", "a"),), ""),
        ((("kind", "<", 1),), ""),
    ],
)
def test_filters_find_what_matches_and_count_as_many(fruit, where, found):
    assert sorted(ids(fruit, *where)) == list(found)
    assert fruit.count(Query("things", where=where)) == len(found)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ((), "abcde"),
        (("when",), "dacb"),
        (("-when",), "bcad"),
        (("kind",), "eacdb"),
        (("-kind",), "bdcae"),
        (("kind", "-size"), "adcb"),
        (("size", "when"), "cbda"),
        (("-size", "kind"), "adcb"),
        (("missing",), ""),
    ],
)
def test_order_is_by_field_after_field_then_by_id_and_pages_go_on_where_the_last_ended(
    fruit, order, found
):
    assert "".join(ids(fruit, order=order)) == found
    query, paged = Query("things", order=order, limit=2), ""
    while page := fruit.query(query):
        paged += "".join(document.id for document in page)
        query = replace(query, after=page[-1])
    assert paged == found


def test_a_page_goes_on_also_when_its_last_document_is_gone(fruit):
    first = fruit.query(Query("things", order=("when",), limit=2))
    fruit.commit([Delete("things", first[-1].id, first[-1].version)])
    assert ids(fruit, order=("when",), after=first[-1]) == ["c", "b"]


@pytest.mark.parametrize("field", ["a'b", "", "a b", "x); DROP TABLE runs", "A"])
def test_a_field_that_cannot_be_queried_is_refused(field):
    with pytest.raises(InvalidInput, match="field"):
        Query("things", where=((field, "==", 1),))
    with pytest.raises(InvalidInput, match="field"):
        Query("things", order=(field,))


@pytest.mark.parametrize("page", [1, 2, 4, 9])
def test_every_document_is_met_once_though_those_before_it_are_removed(fruit, page):
    met = []
    for each in every(fruit, Query("things", order=("-size",)), page=page):
        met.append(each.id)
        fruit.commit([Delete("things", each.id, each.version)])
    assert "".join(met) == "adcb"
