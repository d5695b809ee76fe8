"""What holds of a document in every store."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import pytest

from common.documents import Conflict, Delete, Documents, Query, Update
from common.documents.firestore import FirestoreDocuments
from common.documents.sqlite import SqliteDocuments
from common.errors import InvalidInput
from tests.documents.things import NOON, ids, put


def test_a_document_comes_back_as_it_was_written(documents):
    data = {
        "null": None,
        "yes": True,
        "big": 2**63 - 1,
        "small": -(2**63),
        "real": 0.1,
        "text": "æ ☕ 𝄞 \x00 \\ \" '",
        "like_time": "2026-11-22T12:00:00.000000Z",
        "like_escaped": "\\2026-11-22T12:00:00.000000Z",
        "time": NOON + timedelta(microseconds=1),
        "map": {"a.b": [1, {"c": [None]}], "empty": {}, "when": NOON},
        "list": [],
    }
    version = put(documents, "a", **data)
    found = documents.get("things", "a")
    assert found.data == data
    assert [type(found.data[name]) for name in data] == [type(value) for value in data.values()]
    assert (found.id, found.collection, found.version) == ("a", "things", version)


def test_what_is_not_there_is_none(documents):
    assert documents.get("things", "nothing") is None
    assert documents.query(Query("things")) == []
    assert documents.count(Query("things")) == 0


def test_an_update_sets_its_fields_and_keeps_the_others(documents):
    version = put(documents, "a", kept={"x": 1}, changed={"y": 1, "z": 2})
    documents.commit([Update("things", "a", {"changed": {"y": None}, "new": 3}, version)])
    assert documents.get("things", "a").data == {
        "kept": {"x": 1},
        "changed": {"y": None},
        "new": 3,
    }


def test_an_update_drops_fields_which_no_query_finds_then(documents):
    version = put(documents, "a", kept=1, dropped="x")
    documents.commit([Update("things", "a", {"new": 2}, version, drop=("dropped", "missing"))])
    assert documents.get("things", "a").data == {"kept": 1, "new": 2}
    assert ids(documents, ("dropped", "==", "x")) == []
    assert ids(documents, order=("dropped",)) == []


def test_a_field_cannot_be_both_set_and_dropped(documents):
    version = put(documents, "a", n=1)
    with pytest.raises(InvalidInput, match="both set and dropped"):
        documents.commit([Update("things", "a", {"n": 2}, version, drop=("n",))])


def test_a_write_that_changes_nothing_still_makes_a_new_version(documents):
    first = put(documents, "a", n=1)
    (second,) = documents.commit([Update("things", "a", {"n": 1}, first)])
    assert first != second
    with pytest.raises(Conflict):
        documents.commit([Update("things", "a", {"n": 2}, first)])


def test_a_version_does_not_come_back_with_a_document_made_anew(documents):
    first = put(documents, "a", n=1)
    documents.commit([Delete("things", "a", first)])
    put(documents, "a", n=1)
    with pytest.raises(Conflict):
        documents.commit([Update("things", "a", {"n": 2}, first)])


def test_server_time_goes_forward_and_is_about_now(documents):
    first, second = documents.now(), documents.now()
    assert first.tzinfo is UTC
    assert first <= second
    assert abs(second - datetime.now(UTC)) < timedelta(minutes=1)


def test_backends_have_the_signatures_of_the_seam():
    seam = dict(inspect.getmembers(Documents, inspect.isfunction))
    for backend in (SqliteDocuments, FirestoreDocuments):
        for name, method in inspect.getmembers(backend, inspect.isfunction):
            if name in seam and name != "__init__":
                assert inspect.signature(method) == inspect.signature(seam[name]), name
