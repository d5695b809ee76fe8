"""What was made in the local cloud is found again, changed and listed, on each backend."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from common.localcloud.errors import ApiError
from common.localcloud.store import Resource, Store

PARENT = "projects/p/locations/r/jobs"


@pytest.fixture
def store(documents) -> Store:
    return Store(documents)


def made(store, id, **fields) -> Resource:
    name, now = f"{PARENT}/{id}", store.now()
    data = {"name": name, "labels": {"cloud.googleapis.com/location": "r"}}
    return store.create(Resource(name=name, data=data, created=now, **fields))


def test_what_was_made_is_found(store):
    made(store, "a", kept={"secret": [1, [2]]})
    found = store.get(f"{PARENT}/a")
    assert (found.id, found.parent) == ("a", PARENT)
    assert found.data["labels"] == {"cloud.googleapis.com/location": "r"}
    assert found.kept == {"secret": [1, [2]]}


def test_a_name_is_taken_once(store):
    made(store, "a")
    with pytest.raises(ApiError, match="already exists"):
        made(store, "a")


def test_what_is_not_there_is_told_by_name(store):
    for act in (store.get, store.delete, lambda name: store.change(name, lambda it: it)):
        with pytest.raises(ApiError, match=PARENT):
            act(f"{PARENT}/none")


def test_a_change_leaves_nothing_of_what_was(store):
    made(store, "a", agenda="x", due=store.now())
    store.change(f"{PARENT}/a", lambda it: replace(it, data={"new": True}, due=None))
    assert store.get(f"{PARENT}/a").data == {"new": True}
    assert store.due("x", store.now() + timedelta(days=1)) == []


def test_what_was_deleted_is_gone(store):
    made(store, "a")
    store.delete(f"{PARENT}/a")
    assert store.find(f"{PARENT}/a") is None


def test_all_are_listed_by_pages_the_newest_first(store):
    for id in "abcde":
        made(store, id)
    made(store, "a/executions/e")
    assert [it.id for it in store.all(PARENT)] == list("edcba")
    first = store.page(PARENT, size=2)
    second = store.page(PARENT, size=2, token=first.token)
    third = store.page(PARENT, size=2, token=second.token)
    assert [[it.id for it in page.found] for page in (first, second, third)] == [
        ["e", "d"],
        ["c", "b"],
        ["a"],
    ]
    assert third.token == ""


def test_a_list_goes_on_after_what_is_gone(store):
    for id in "abcde":
        made(store, id)
    page = store.page(PARENT, size=2)
    store.delete(f"{PARENT}/d")
    assert [it.id for it in store.page(PARENT, token=page.token).found] == ["c", "b", "a"]


@pytest.mark.parametrize("token", ["x", "x.", ".1", "x.y", "x.1.2", "x." + "9" * 17, "é.1", "\0.1"])
def test_a_token_that_was_not_given_is_refused(store, token):
    with pytest.raises(ApiError, match="pageToken"):
        store.page(PARENT, token=token)


def test_an_agenda_has_what_is_due_the_earliest_first(store):
    now = store.now()
    for id, minutes in (("later", 5), ("second", -1), ("first", -2)):
        made(store, id, agenda="x", due=now + timedelta(minutes=minutes))
    made(store, "other", agenda="y", due=now)
    made(store, "never")
    assert [it.id for it in store.due("x", now)] == ["first", "second"]
    assert store.next("x") == now - timedelta(minutes=2)
    assert store.next("z") is None
