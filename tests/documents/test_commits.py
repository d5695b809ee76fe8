"""A commit is done whole or not at all, and of many that try one wins."""

from __future__ import annotations

import threading
from enum import Enum, IntEnum
from zoneinfo import ZoneInfo

import pytest

from common.documents import Conflict, Create, Delete, Update
from tests.documents.things import NOON, put


@pytest.mark.parametrize("kind", ["create", "update", "delete", "update-missing", "delete-missing"])
def test_a_commit_writes_nothing_when_one_condition_does_not_hold(documents, kind):
    old = put(documents, "a", n=1)
    documents.commit([Update("things", "a", {"n": 2}, old)])
    failing = {
        "create": Create("things", "a", {"n": 3}),
        "update": Update("things", "a", {"n": 3}, old),
        "delete": Delete("things", "a", old),
        "update-missing": Update("things", "b", {"n": 3}, old),
        "delete-missing": Delete("things", "b", old),
    }[kind]
    with pytest.raises(Conflict):
        documents.commit([Create("things", "c", {"n": 1}), failing, Create("others", "d", {})])
    assert documents.get("things", "a").data == {"n": 2}
    assert documents.get("things", "c") is None
    assert documents.get("others", "d") is None


def test_a_commit_spans_collections(documents):
    version = put(documents, "a", n=1)
    versions = documents.commit(
        [Create("others", "b", {}), Update("things", "a", {"n": 2}, version)]
    )
    assert versions == [
        documents.get("others", "b").version,
        documents.get("things", "a").version,
    ]


def test_of_many_that_create_the_same_document_one_wins(open_store):
    wins = race(8, open_store, lambda store, i: put(store, "lease", owner=i))
    assert len(wins) == 1
    assert open_store().get("things", "lease").data == {"owner": wins[0]}


def test_of_many_that_update_the_same_version_one_wins(open_store):
    version = put(open_store(), "a", owner=None)
    update = lambda store, i: store.commit([Update("things", "a", {"owner": i}, version)])  # noqa: E731
    assert len(race(8, open_store, update)) == 1


def test_compare_and_set_loses_no_update_among_many_writers(open_store):
    put(open_store(), "counter", n=0)

    def add_ten(store, _):
        for _ in range(10):
            store.update("things", "counter", lambda found: {"n": found.data["n"] + 1})

    assert len(race(4, lambda: open_store(patience=60), add_ten)) == 4
    assert open_store().get("things", "counter").data == {"n": 40}


class Colour(str, Enum):  # noqa: UP042 - one whose own text is not its value
    RED = "red"


def test_compare_and_set_returns_what_is_read_afterwards(documents):
    data = {"kept": 1, "changed": {"y": 1}}
    documents.update("things", "a", lambda _: data)
    inner = {"when": NOON.astimezone(ZoneInfo("Atlantic/Reykjavik")), "list": (1, 2)}
    changed = {"changed": inner, "colour": Colour.RED, "number": IntEnum("N", {"one": 1}).one}
    returned = documents.update("things", "a", lambda _: changed)
    inner["list"] = "other"
    assert returned == documents.get("things", "a")
    kinds = {name: type(value) for name, value in returned.data.items()}
    assert kinds == {"kept": int, "changed": dict, "colour": str, "number": int}
    documents.commit([Update("things", "a", {}, returned.version)])


def test_compare_and_set_makes_what_is_not_there_and_leaves_what_need_not_change(documents):
    made = documents.update("things", "a", lambda found: {"new": found is None})
    assert made.data == {"new": True}
    assert documents.update("things", "a", lambda _: None).version == made.version


def race(size, open_store, act):
    """The indexes of those whose act did not end in a conflict."""
    barrier, wins, failures = threading.Barrier(size), [], []

    def run(index):
        store = open_store()
        store.get("things", "warm-up")
        barrier.wait()
        try:
            act(store, index)
            wins.append(index)
        except Conflict:
            pass
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return wins
