"""Taking turns with other writers of a SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest

from common.clock import Clock
from common.documents import Create, open_documents
from common.documents.sqlite import SqliteDocuments
from common.documents.sqlite_turns import BUSY_SECONDS, Turns
from common.errors import Unavailable


@pytest.fixture
def path(tmp_path):
    with closing(SqliteDocuments(tmp_path / "x.sqlite3")) as store:
        store.commit([Create("things", "a", {"n": 1})])
    return tmp_path / "x.sqlite3"


@pytest.fixture
def holder(path):
    """Another writer, in mid-commit."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.fixture
def waiter(path, time):
    """A connection that takes turns by the test's own time."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        turns = Turns(time.clock, lambda: 1.0)
        yield lambda: turns.take(lambda: connection.execute("BEGIN IMMEDIATE"))


@pytest.mark.usefixtures("holder")
def test_one_looks_again_soon_then_less_often_until_patience_ends(waiter, time):
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        waiter()
    assert time.slept[0] < 0.0002
    assert time.slept[:-1] == sorted(time.slept[:-1])
    assert max(time.slept) <= 0.005
    assert BUSY_SECONDS - 0.01 <= time.elapsed <= BUSY_SECONDS + 0.01


def test_ones_turn_comes_as_soon_as_the_other_has_done(path, holder, time):
    def sleep(seconds):
        time.sleep(seconds)
        if len(time.slept) == 3:
            holder.execute("COMMIT")

    turns = Turns(Clock(monotonic=time.monotonic, sleep=sleep))
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        turns.take(lambda: connection.execute("BEGIN IMMEDIATE"))
        assert connection.in_transaction
    assert len(time.slept) == 3


def test_what_is_no_lock_is_not_waited_for(time):
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(sqlite3.OperationalError, match="no such table"),
    ):
        Turns(time.clock).take(lambda: connection.execute("SELECT * FROM missing"))
    assert time.slept == []


def test_readers_do_not_wait_for_a_writer(path, holder):
    holder.execute("DELETE FROM things")
    with closing(open_documents(f"sqlite:///{path}", patience=0)) as store:
        assert store.get("things", "a").data == {"n": 1}


@pytest.mark.usefixtures("holder")
def test_a_store_whose_turn_never_comes_says_that_it_is_unavailable(path, monkeypatch):
    monkeypatch.setattr("common.documents.sqlite_turns.BUSY_SECONDS", 0.05)
    with (
        closing(open_documents(f"sqlite:///{path}", patience=0)) as store,
        pytest.raises(Unavailable, match="locked by other processes"),
    ):
        store.commit([Create("things", "b", {})])


def test_a_commit_that_had_to_wait_is_done_once(path, holder):
    with closing(open_documents(f"sqlite:///{path}")) as store:
        versions = []
        thread = threading.Thread(
            target=lambda: versions.extend(store.commit([Create("things", "b", {})]))
        )
        thread.start()
        holder.execute("COMMIT")
        thread.join()
        assert versions == [store.get("things", "b").version]
