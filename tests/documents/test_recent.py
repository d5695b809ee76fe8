"""What is remembered of a document's text is of that document, at that version."""

from __future__ import annotations

from contextlib import closing

import pytest

from common.documents import Conflict, Create, Update
from common.documents.sqlite import SqliteDocuments


@pytest.fixture
def stores(tmp_path):
    """Two processes' stores of one file."""
    path = tmp_path / "documents.sqlite3"
    with closing(SqliteDocuments(path)) as one, closing(SqliteDocuments(path)) as other:
        yield one, other


def test_an_update_keeps_the_fields_of_its_own_document_where_others_share_its_id(stores):
    """One commit gives documents of several collections the same version."""
    one, _ = stores
    first, second = one.commit([Create("a", "x", {"n": 1, "a": 1}), Create("b", "x", {"b": 2})])
    versions = one.commit([Update("a", "x", {"n": 2}, first), Update("b", "x", {"n": 2}, second)])
    one.commit([Update("a", "x", {"n": 3}, versions[0]), Update("b", "x", {"n": 3}, versions[1])])
    assert one.get("a", "x").data == {"n": 3, "a": 1}
    assert one.get("b", "x").data == {"n": 3, "b": 2}


def test_what_is_remembered_does_not_hide_that_another_wrote(stores):
    one, other = stores
    (version,) = one.commit([Create("a", "x", {"n": 1})])
    (newer,) = other.commit([Update("a", "x", {"other": True}, version)])
    one.get("a", "x")
    with pytest.raises(Conflict):
        one.commit([Update("a", "x", {"n": 2}, version)])
    one.commit([Update("a", "x", {"n": 3}, newer)])
    assert other.get("a", "x").data == {"n": 3, "other": True}


def test_a_commit_that_was_refused_leaves_nothing_to_build_upon(stores):
    one, _ = stores
    versions = one.commit([Create("a", "x", {"n": 1}), Create("a", "y", {"n": 1})])
    with pytest.raises(Conflict):
        one.commit([Update("a", "x", {"n": 2}, versions[0]), Update("a", "y", {}, "stale")])
    one.commit([Update("a", "x", {"m": 1}, versions[0])])
    assert one.get("a", "x").data == {"n": 1, "m": 1}
