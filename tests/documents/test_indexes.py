"""The declared indexes: what Firestore is told, and whether they serve the queries made."""

from __future__ import annotations

import dataclasses
import itertools
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from common.documents import Create, Document, Documents, Query, Update, sql
from common.documents.indexes import INDEXES, UNINDEXED, firestore_indexes
from common.documents.sqlite import SqliteDocuments
from common.runs import Runs
from common.runs.records import Execution, Run

FILE = Path(__file__).parents[2] / "firestore.indexes.json"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
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


@pytest.mark.parametrize(("collection", "record"), [("runs", Run), ("executions", Execution)])
def test_no_time_but_those_queried_is_indexed_by_itself(collection, record):
    queried = {entry.removeprefix("-") for index in INDEXES[collection] for entry in index}
    fields = {field.name: str(field.type) for field in dataclasses.fields(record)}
    times = {name for name, type_ in fields.items() if "datetime" in type_}
    assert times - queried <= set(UNINDEXED[collection])
    assert set(UNINDEXED[collection]) <= set(fields)


STATE = (("state", "==", "pending"),)
PLACE = (("place", "==", "io-tasks ready"),)
NEXT = (*PLACE, ("priority", "==", 2))
LINE = ("place", "priority", "tenant", "due")
DECLARED = {
    ("state", "-created"): [
        Query("runs", where=STATE, order=("-created",)),
        Query("runs", where=(*STATE, ("created", ">", NOON)), order=("-created",)),
    ],
    LINE: [
        Query("runs", where=(*NEXT, ("tenant", ">", "acme")), order=("tenant", "due")),
        Query("runs", where=(*NEXT, ("tenant", "==", "acme")), order=("due",)),
        Query("runs", where=(*PLACE, ("priority", ">", 1)), order=("priority", "tenant", "due")),
    ],
    ("place", "due"): [
        Query("runs", where=(*PLACE, ("due", "<=", NOON)), order=("due",)),
        Query("runs", where=(*PLACE, ("due", ">", NOON), ("due", "<=", NOON)), order=("due",)),
        Query("runs", where=(("place", ">", "io-tasks"),), order=("place", "due")),
    ],
    ("-created",): [Query("runs", order=("-created",)), Query("runs", order=("created",))],
    ("kind", "-size"): [Query("runs", order=("kind", "-size"))],
}  # fmt: skip
ASKED = [(index, query) for index, queries in DECLARED.items() for query in queries]


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setitem(INDEXES, "runs", tuple(DECLARED))
    with closing(SqliteDocuments(tmp_path / "documents.sqlite3")) as store:
        yield store


def plan(store, statement, values) -> str:
    """How SQLite goes about it: `SEARCH` or `SCAN`, by which index, from where."""
    rows = store._ask(
        lambda file: file.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    )
    return "; ".join(row[-1] for row in rows)


def planned(store, query) -> str:
    table = store._ask(lambda file: store._tables.get(file, query.collection))
    return plan(store, *sql.select(query, table))


@pytest.mark.parametrize(("index", "query"), ASKED)
@pytest.mark.parametrize("paged", [False, True])
def test_sqlite_answers_from_the_index_and_does_not_sort(store, index, query, paged):
    data = dict.fromkeys(("created", "due"), NOON) | {"place": "p", "priority": 1, "tenant": "t"}
    last = Document("runs", "a", {**data, "kind": "k", "size": 1}, "", "")
    found = planned(store, replace(query, limit=9, after=last if paged else None))
    assert f"INDEX runs {' '.join(index)}" in found.replace("COVERING ", "")
    assert "TEMP B-TREE" not in found
    if query.where or paged:
        assert found.startswith("SEARCH")


@pytest.mark.parametrize(
    ("query", "entered"),
    [
        (DECLARED["state", "-created"][0], "(created,_id)<(?,?)"),
        (DECLARED["state", "-created"][1], "(created,_id)<(?,?)"),
        (DECLARED[LINE][0], "(tenant,due,_id)>(?,?,?) AND tenant<?"),
        (DECLARED["place", "due"][0], "(due,_id)>(?,?) AND due<?"),
        (DECLARED["place", "due"][1], "(due,_id)>(?,?) AND due<?"),
        (DECLARED["kind", "-size"][0], "(kind>?)"),
    ],
)
def test_sqlite_enters_the_index_where_the_cursor_stands(store, query, entered):
    data = {"created": NOON, "due": NOON, "tenant": "t", "place": "p", "kind": "k", "size": 1}
    last = Document("runs", "a", data, "", "")
    assert entered in planned(store, replace(query, after=last))


def test_what_a_document_drops_is_dropped_from_the_index(store):
    (version,) = store.commit([Create("runs", "a", {"state": "pending", "created": NOON})])
    store.commit([Update("runs", "a", {}, version, drop=("state",))])
    assert store.count(Query("runs", where=STATE)) == 0
    assert store.query(Query("runs", order=("state",))) == []


def test_sqlite_counts_by_an_index_alone(store):
    for where in (PLACE, NEXT, STATE):
        table = store._ask(lambda file: store._tables.get(file, "runs"))
        found = plan(store, *sql.count(Query("runs", where=where), table))
        assert found.startswith("SEARCH runs USING COVERING INDEX")


def test_sqlite_finds_a_document_by_its_id(store):
    table = store._ask(lambda file: store._tables.get(file, "runs"))
    assert "(_id=?)" in plan(store, table.get, ["a"])
    assert "(_id=?)" in plan(store, table.update(("state",)), ["v", "{}", "x", "a", "v"])
