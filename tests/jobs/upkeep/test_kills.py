"""Rows 1, 2, 9, 10: whatever is killed or fails, nothing is lost and nothing counted twice."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from common.data.artifacts import ARTIFACTS
from common.data.extraction_jobs import EXTRACTION_JOBS
from common.data.usage import USAGE_COUNTERS
from common.documents import Delete, Query
from common.maintenance.tallies import Superseded, Tallies
from common.runs import Runs, State
from tests.chaos.counts import CHAOS
from tests.faults import FAULTS, Faulty
from tests.jobs.upkeep.knife import Knife

NEVER = 1_000_000
pytestmark = pytest.mark.usefixtures("small_pages")


def counters(shop):
    for number in range(9):
        shop.counter(f"old{number}", shop.ago(500))
    for number in range(3):
        shop.counter(f"new{number}", shop.ago(10))
    return {"removed_count": 9}


def jobs(shop):
    for number in range(6):
        shop.job(f"old{number}", days=30, files=number % 3)
    shop.job("new", days=1, files=1)
    shop.job("bad", days=60, folder="runs/x")
    return {"removed_count": 6, "file_count": 6, "byte_count": 6, "malformed_count": 1}


def artifacts(shop):
    for number in range(4):
        shop.artifact(f"{number}old", days=40, files=number % 3)
        shop.artifact(f"{number}gone", days=20, files=0)
        shop.files(f"runs/{number}lost/1", 2, days=9)
    shop.artifact("new", days=1)
    return {
        "removed_count": 2,
        "orphan_document_count": 6,
        "orphan_folder_count": 4,
        "file_count": 11,
    }


SCENES = {
    "usage-counter-cleanup": (counters, USAGE_COUNTERS, 3),
    "abandoned-job-cleanup": (jobs, EXTRACTION_JOBS, 2),
    "artifact-cleanup": (artifacts, ARTIFACTS, 1),
}


def empty(shop):
    for collection in (USAGE_COUNTERS, EXTRACTION_JOBS, ARTIFACTS):
        for document in shop.documents.query(Query(collection)):
            shop.documents.commit([Delete(collection, document.id, document.version)])
    shop.blobs.delete(shop.paths())


@pytest.mark.parametrize("job", SCENES)
def test_a_kill_at_any_write_loses_nothing_and_repeats_nothing(sqlite_shop, monkeypatch, job):
    """Before it is done, and before its answer comes."""
    trials(sqlite_shop, monkeypatch, job, few=5)


def test_nor_does_it_on_firestore(firestore_shop, monkeypatch):
    """What holds at each write does so by conditions of the store."""
    trials(firestore_shop, monkeypatch, "usage-counter-cleanup", few=2)


def trials(shop, monkeypatch, job, *, few):
    scene, collection, left = SCENES[job]

    def killed(at, *, before):
        expected = scene(shop)
        run = shop.run(job)
        with monkeypatch.context() as patch:
            knife = Knife(shop, patch, at=at, before=before)
            run = shop.attempt(run.id)
        if run.state is not State.SUCCEEDED:
            shop.time.advance(timedelta(minutes=10))
            run = shop.attempt(run.id)
        result = shop.result(run)
        assert {name: result[name] for name in expected} == expected, (at, before)
        assert len(shop.ids(collection)) == left
        assert shop.ids("tallies") == set()
        empty(shop)
        return knife.count

    writes = killed(NEVER, before=True)
    moments = [(at, before) for at in range(1, writes + 1) for before in (True, False)]
    stride = 1 if CHAOS >= 1 else len(moments) // few
    for at, before in moments[os.getpid() % stride :: stride]:
        assert killed(at, before=before) >= at


@pytest.mark.parametrize("job", SCENES)
def test_a_store_that_fails_at_a_third_of_all_calls_is_served_all_the_same(sqlite_shop, job, time):
    """Refused, cut off, late, or applied with its answer lost; each in turn."""
    shop = sqlite_shop
    scene, collection, left = SCENES[job]
    expected = scene(shop)
    faulty = Faulty(shop.documents)
    run = shop.run(job)
    shop.__dict__["documents"], shop.__dict__["runs"] = faulty, Runs(faulty)
    faulty.faults.extend([fault for each in FAULTS for fault in (None, None, each)] * 100)
    while not run.state.ended:
        run = shop.attempt(run.id)
        time.advance(timedelta(hours=1))
    assert len(faulty.calls) > 30
    faulty.faults.clear()
    result = shop.result(run)
    assert {name: result[name] for name in expected} == expected
    assert len(shop.ids(collection)) == left


def test_what_another_attempt_has_left_running_writes_nothing_more(shop):
    """A zombie's commits hold only while the tallies are as it wrote them."""
    counters(shop)
    (one, two, *_) = shop.documents.query(Query(USAGE_COUNTERS))
    now = shop.documents.now()
    old, new = (Tallies(shop.documents, "r1", many=2, as_of=now) for _ in range(2))
    with old.one() as tally:
        tally.commit([Delete(USAGE_COUNTERS, one.id, one.version)], {"removed_count": 1})
    with new.one(), old.one() as tally, pytest.raises(Superseded):
        tally.commit([Delete(USAGE_COUNTERS, two.id, two.version)], {"removed_count": 1})
    assert new.counts == {"removed_count": 1}
    assert two.id in shop.ids(USAGE_COUNTERS)
