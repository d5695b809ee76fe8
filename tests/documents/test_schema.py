"""SQLite files of other releases: older ones are brought up to date, whoever else uses them."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest

from common.documents import Create, Query, Update
from common.documents.indexes import INDEXES
from common.documents.sqlite import SqliteDocuments
from common.documents.sqlite_schema import FORMAT, upgrade
from common.errors import Unavailable

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST_FORMAT = """
PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
CREATE TABLE "runs" (id TEXT PRIMARY KEY NOT NULL, version TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX "runs_state_created" ON "runs" (
  json_extract(data, '$.state') ASC, json_extract(data, '$.created') DESC, id DESC);
CREATE TABLE "things" (id TEXT PRIMARY KEY NOT NULL, version TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE theirs (id, other);
INSERT INTO "runs" VALUES
  ('a', 'v1', '{"state":"pending","created":"2026-11-22T12:00:00.000000Z","n":[1,null]}'),
  ('b', 'v2', '{"state":"pending","created":"2026-11-22T12:00:01.000000Z"}'),
  ('c', 'v3', '{"state":null,"created":"2026-11-22T12:00:02.000000Z"}'),
  ('d', 'v4', '{"created":"\\\\2026-11-22T12:00:03.000000Z"}');
INSERT INTO "things" VALUES ('t', 'v5', '{"state":"pending"}');
"""
PENDING = Query("runs", where=(("state", "==", "pending"),), order=("-created",))


@pytest.fixture
def path(tmp_path):
    """A file that the first release wrote."""
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as first:
        first.executescript(FIRST_FORMAT)
    return tmp_path / "x.sqlite3"


@pytest.fixture
def open_store(path):
    stores = []

    def open_one(**options):
        stores.append(SqliteDocuments(path, **options))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


def ids(store, query):
    return [found.id for found in store.query(query)]


def test_a_file_of_the_first_format_keeps_its_documents_and_is_asked_as_any_other(open_store):
    store = open_store()
    found = store.get("runs", "a")
    assert found.data == {"state": "pending", "created": NOON, "n": [1, None]}
    assert found.version == "v1"
    assert ids(store, PENDING) == ["b", "a"]
    assert ids(store, Query("runs", where=(("state", "==", None),))) == ["c"]
    assert ids(store, Query("runs", where=(("created", ">=", NOON),))) == ["a", "b", "c"]
    assert ids(store, Query("runs", order=("created",)))[0] == "d"  # it is text
    assert store.count(Query("runs", where=(("state", "==", "pending"),))) == 2
    assert ids(store, Query("things", where=(("state", "==", "pending"),))) == ["t"]


def test_what_an_older_release_wrote_is_written_on(open_store):
    store = open_store()
    store.commit([Update("runs", "a", {"state": "running"}, "v1"), Create("runs", "e", {})])
    assert ids(store, PENDING) == ["b"]
    assert store.get("runs", "a").data["n"] == [1, None]


def test_the_old_indexes_are_gone_and_other_tables_are_as_they_were(open_store, path):
    open_store().get("runs", "a")
    with closing(sqlite3.connect(path)) as file:
        indexes = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
        assert "runs_state_created" not in indexes
        assert "runs state -created" in indexes
        assert file.execute("SELECT id, other FROM theirs").fetchall() == []
        assert file.execute("PRAGMA user_version").fetchone() == (FORMAT,)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_older_code_that_still_runs_cannot_write_what_it_would_not_fill(open_store, path):
    with closing(sqlite3.connect(path, isolation_level=None)) as older:
        write = "UPDATE runs SET version = 'w', data = '{}' WHERE id = 'a'"
        older.execute(write)
        open_store().get("runs", "a")
        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            older.execute(write)
        with pytest.raises(sqlite3.OperationalError, match="values were supplied"):
            older.execute("INSERT INTO runs VALUES ('x', 'v', '{}')")


def test_many_that_open_an_old_file_at_once_upgrade_it_once(open_store):
    barrier, failures, found = threading.Barrier(6), [], []

    def open_one():
        store = open_store()
        barrier.wait()
        try:
            found.append(ids(store, PENDING))
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert found == [["b", "a"]] * 6


@pytest.mark.parametrize("point", range(1, 12))
def test_an_upgrade_that_is_cut_off_leaves_the_file_as_it_was(path, open_store, point):
    class CutOff(sqlite3.Connection):
        left = point

        def execute(self, statement, *values):
            if statement.startswith(("DROP", "ALTER", "PRAGMA user_version =")):
                self.left -= 1
                if not self.left:
                    raise KeyboardInterrupt
            return super().execute(statement, *values)

    with closing(sqlite3.connect(path, isolation_level=None, factory=CutOff)) as connection:
        try:
            upgrade(connection)
        except KeyboardInterrupt:
            assert connection.execute("SELECT id, data FROM runs").fetchall()
            assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        else:
            assert point > 8  # each of its steps was cut off once
    assert ids(open_store(), PENDING) == ["b", "a"]


# --- indexes that a later release declares


@pytest.mark.parametrize(
    "value", ["a\0b", "\0", 0.1 + 0.2, 2**63 - 1, 5e-324, NOON, None, True, [1]]
)
def test_an_index_that_is_new_is_filled_exactly(open_store, monkeypatch, value):
    old = open_store()
    old.commit(
        [Create("things", id, {"value": value}) for id in "ab"] + [Create("things", "c", {})]
    )
    monkeypatch.setitem(INDEXES, "things", (("value",),))
    new = open_store()
    new.commit([Create("things", "d", {"value": value})])
    assert ids(new, Query("things", order=("value",))) == ["a", "b", "d"]
    if not isinstance(value, list):
        assert ids(new, Query("things", where=(("value", "==", value),))) == ["a", "b", "d"]


def test_an_index_that_is_new_finds_what_was_there_and_what_an_open_store_writes(
    open_store, monkeypatch, time
):
    """The old one asks for nothing by it, and yet fills it."""
    old = open_store(clock=time.clock)
    old.commit([Create("runs", "before", {"colour": "red", "state": "pending"})])
    monkeypatch.setitem(INDEXES, "runs", (*INDEXES["runs"], ("colour", "state")))
    new, red = open_store(), Query("runs", where=(("colour", "==", "red"),), order=("state",))
    assert ids(new, red) == ["before"]
    old.commit([Create("runs", "created", {"colour": "red", "state": "running"})])
    old.update("runs", "a", lambda _: {"colour": "red"})
    assert ids(new, red) == ["a", "before", "created"]
    assert len(time.slept) == 1  # until it had looked at the table again


def test_an_open_store_learns_of_new_columns_at_its_next_commit(open_store, monkeypatch):
    old = open_store(patience=0)
    old.get("runs", "a")
    monkeypatch.setitem(INDEXES, "runs", (*INDEXES["runs"], ("colour",)))
    open_store().get("runs", "a")
    with pytest.raises(Unavailable, match="extended by a newer runjobs"):
        old.commit([Create("runs", "x", {"colour": "red"})])
    assert old.get("runs", "x") is None
    old.commit([Create("runs", "x", {"colour": "red"})])


def test_tables_made_by_others_disturb_nobody(open_store, time):
    old = open_store(clock=time.clock)
    old.commit([Create("things", "a", {})])
    open_store().commit([Create("others", "a", {})])
    old.commit([Create("things", "b", {})])
    assert time.slept == []
