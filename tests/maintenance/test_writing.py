"""Batches, and what happens where one of their documents is in conflict."""

from __future__ import annotations

import pytest

from common.documents import Conflict, Create, Document, Query, Update
from common.errors import InvalidInput
from common.ids import random_id
from common.maintenance import Change
from common.maintenance.tallies import Tallies
from common.maintenance.writing import Writer

on_sqlite = pytest.mark.parametrize("documents_url", ["sqlite"], indirect=True)


@pytest.fixture
def tallies(documents):
    return Tallies(documents, random_id(), many=2, as_of=documents.now())


@pytest.fixture
def writer(documents, tallies):
    return Writer(documents, tallies, stopping=lambda: False, malformed=lambda _: None)


def filled(documents, many):
    documents.commit([Create("things", f"{n:04}", {"n": n}) for n in range(many)])
    return documents.query(Query("things"))


def change(document, **data):
    writes = (Update("things", document.id, data, document.version),)
    return Change(writes=writes, counts={"done": 1}, line="")


def test_those_that_others_wrote_are_judged_anew_and_the_rest_is_done(documents, tallies, writer):
    found = filled(documents, 40)
    for at in (3, 4, 39):
        late = documents.get("things", found[at].id)
        documents.commit([Update("things", late.id, {"n": -1}, late.version)])
    writer.write(found, lambda it: change(it, done=True) if it.data["n"] >= 0 else None)
    assert tallies.counts == {"done": 37}
    left = [it.data["n"] for it in documents.query(Query("things")) if "done" not in it.data]
    assert left == [-1, -1, -1]


@on_sqlite
def test_one_that_others_keep_writing_is_given_up(documents, writer):
    (found,) = filled(documents, 1)

    def step(document: Document):
        late = documents.get("things", document.id)
        documents.commit([Update("things", late.id, {"n": late.data["n"] + 1}, late.version)])
        return change(document, done=True)

    with pytest.raises(Conflict):
        writer.write([found], step)
    assert documents.get("things", found.id).data["n"] > 5


@on_sqlite
def test_changes_that_write_the_same_document_come_after_one_another(documents, tallies, writer):
    found = filled(documents, 3)

    def step(document: Document):
        total = documents.get("totals", "all")
        data = {"n": (total.data["n"] if total else 0) + document.data["n"] + 1}
        write = (
            Update("totals", "all", data, total.version) if total else Create("totals", "all", data)
        )
        return Change(
            writes=(write, *change(document, done=True).writes), counts={"done": 1}, line=""
        )

    writer.write(found, step)
    assert documents.get("totals", "all").data == {"n": 6}
    assert tallies.counts == {"done": 3}


@on_sqlite
def test_a_change_that_no_commit_can_hold_is_refused(documents, writer):
    (found,) = filled(documents, 1)
    writes = tuple(Create("things", f"x{n}", {}) for n in range(450))
    with pytest.raises(InvalidInput, match="450 writes"):
        writer.write([found], lambda _: Change(writes=writes, counts={}, line=""))


@on_sqlite
def test_when_it_shall_stop_nothing_more_is_begun(documents, tallies):
    found = filled(documents, 2)
    writer = Writer(documents, tallies, stopping=lambda: True, malformed=lambda _: None)
    writer.write(found, lambda it: change(it, done=True))
    assert tallies.counts == {}
