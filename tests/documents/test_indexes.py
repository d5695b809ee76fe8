"""The declared indexes: what Firestore is told, and whether they serve the queries made."""

from __future__ import annotations

import dataclasses
import itertools
import json
import sqlite3
from pathlib import Path

import pytest

from common.documents import Documents, Query
from common.documents.indexes import INDEXES, UNINDEXED, firestore_indexes
from common.documents.sqlite import SqliteDocuments
from common.runs import Runs
from common.runs.records import Execution, Run

FILE = Path(__file__).parents[2] / "firestore.indexes.json"
FILTERS = ("job", "state", "tenant", "batch")


def test_firestore_is_told_just_what_is_declared():
    assert json.loads(FILE.read_text()) == firestore_indexes()


def is_served(query: Query) -> bool:
    """Firestore answers from one index, or joins one per equality, all ending in the order."""
    equal = [field for field, operator, _ in query.where if operator == "=="]
    others = [field for field, operator, _ in query.where if operator != "=="]
    assert not {*equal, *others} & set(UNINDEXED.get(query.collection, ()))
    assert set(others) <= {entry.removeprefix("-") for entry in query.ordering}
    declared = set(INDEXES.get(query.collection, ()))
    if not equal:
        return len(query.ordering) <= 1 or query.ordering in declared
    if not query.ordering:
        return True  # equalities alone are joined from the indexes of single fields
    return all((field, *query.ordering) in declared for field in equal)


@pytest.mark.parametrize("count", range(len(FILTERS) + 1))
def test_every_list_of_runs_is_served_by_declared_indexes(tmp_path, monkeypatch, count):
    asked: list[Query] = []
    store = SqliteDocuments(tmp_path / "documents.sqlite3")
    answer = Documents.query
    monkeypatch.setattr(Documents, "query", lambda self, q: asked.append(q) or answer(self, q))
    for fields in itertools.combinations(FILTERS, count):
        Runs(store).list(dict.fromkeys(fields, "x"), limit=10)
    store.close()
    assert asked
    assert [query for query in asked if not is_served(query)] == []


def test_a_query_without_an_index_is_found_out():
    assert not is_served(Query("runs", where=(("queue", "==", "q"),), order=("-created",)))


def test_a_query_by_a_field_without_an_index_is_found_out():
    with pytest.raises(AssertionError):
        is_served(Query("runs", where=(("lease_until", "<", 1),)))


@pytest.mark.parametrize(("record", "queried"), [(Run, {"created", "due"}), (Execution, set())])
def test_no_time_but_those_queried_is_indexed_by_itself(record, queried):
    collection = {Run: "runs", Execution: "executions"}[record]
    fields = {field.name: str(field.type) for field in dataclasses.fields(record)}
    times = {name for name, type_ in fields.items() if "datetime" in type_}
    assert times - queried <= set(UNINDEXED[collection])
    assert set(UNINDEXED[collection]) <= set(fields)


def test_sqlite_answers_a_list_from_an_index_and_does_not_sort(tmp_path):
    store = SqliteDocuments(tmp_path / "documents.sqlite3")
    Runs(store).list({"state": "pending"})
    store.close()
    from common.documents import sql

    query = Query("runs", where=(("state", "==", "pending"),), order=("-created",), limit=9)
    statement, values = sql.select(query)
    connection = sqlite3.connect(tmp_path / "documents.sqlite3")
    plan = str(connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall())
    connection.close()
    assert "USING INDEX runs_state_created" in plan
    assert "TEMP B-TREE" not in plan
