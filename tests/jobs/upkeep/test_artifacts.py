"""artifact-cleanup: what has expired, and orphans on either side; nothing that is still needed."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from common.data.artifacts import ARTIFACTS, artifact_id, artifact_of
from common.documents import Create, Delete, Update
from common.runs import Retention, State
from common.runs.records import evolve

JOB = "artifact-cleanup"


def counts(done):
    names = ("removed", "orphan_document", "orphan_folder", "file", "needed")
    return tuple(done[f"{name}_count"] for name in names)


def test_an_artifact_goes_when_its_time_is_over_and_not_before(shop):
    shop.artifact("aold", days=31, files=3)
    shop.artifact("bedge", days=30, files=2)
    shop.artifact("cfresh", days=29.9, files=1)
    shop.artifact("dkept", days=90, files=1, expires=shop.ago(-1))
    done = shop.do(JOB)
    assert counts(done) == (2, 0, 0, 5, 0)
    assert shop.ids(ARTIFACTS) == {artifact_id("cfresh"), artifact_id("dkept")}
    assert shop.paths("runs/") == ["runs/cfresh/0.txt", "runs/dkept/0.txt"]


def test_a_document_goes_whose_blobs_are_gone(shop):
    shop.artifact("gone", days=8, files=0)
    shop.artifact("justmade", days=1, files=0)
    shop.artifact("there", days=8, files=1)
    shop.artifact("listed", days=8, files=0, manifest="runs/listed/m.jsonl")
    shop.blobs.write("runs/listed/m.jsonl", b"{}")
    shop.artifact("both", days=40, files=0)
    assert counts(shop.do(JOB)) == (0, 2, 0, 0, 0)
    assert shop.ids(ARTIFACTS) == {artifact_id(run) for run in ("justmade", "there", "listed")}


def test_blobs_go_that_neither_a_run_nor_an_artifact_knows(shop):
    shop.files("runs/lost/1", 3, days=8)
    shop.files("runs/0lost/files/deep", 1, days=70)
    shop.files("runs/young/1", 1, days=6)
    shop.files("runs/mixed/1", 1, days=60)
    shop.files("runs/mixed/2", 1, days=1)
    shop.artifact("known", days=20)
    run = shop.run("noop")
    shop.files(f"runs/{run.id}/1", 1, days=60)
    for other in ("runs/Capital/1", "runs/a-b/1", "shared", "tenants/acme", "runs.old/x"):
        shop.files(other, 1, days=900)
    kept = [path for path in shop.paths() if not path.startswith(("runs/lost/", "runs/0lost/"))]
    assert counts(shop.do(JOB)) == (0, 0, 2, 4, 0)
    assert shop.paths() == kept
    assert shop.ids(ARTIFACTS) == {artifact_id("known")}


def test_what_a_run_left_stays_while_it_goes_on_or_is_replayed(sqlite_shop):
    shop = sqlite_shop
    for state in State:
        run = evolve(shop.run("noop"), state=state)
        shop.artifact(run.id, days=40)
        found = shop.documents.get("runs", run.id)
        data = {"state": state.value}
        shop.documents.commit([Update("runs", run.id, data, found.version)])
    done = shop.do(JOB)
    ended = sum(state.ended for state in State)
    assert counts(done) == (ended, 0, 0, ended, len(State) - ended)


@pytest.mark.parametrize("is_open", [True, False])
def test_what_a_run_left_stays_while_its_outermost_batch_goes_on(sqlite_shop, is_open):
    shop = sqlite_shop
    run = shop.run("noop", batch="inner", root="outer", state=State.SUCCEEDED)
    batch = {"open": is_open, "total": 1}
    shop.documents.commit([Create("batches", "outer", batch)])
    shop.artifact(run.id, days=40)
    assert counts(shop.do(JOB)) == ((0, 0, 0, 0, 1) if is_open else (1, 0, 0, 1, 0))


@pytest.mark.parametrize(
    ("run", "folder"),
    [
        ("r1", "runs/r2"),
        ("r1", "runs"),
        ("r1", "runs/"),
        ("r1", ""),
        ("r1", "runs/r1/../r2"),
        ("r1", "runs/r10"),
        ("r1", "tenants/acme"),
        ("", "runs/"),
        ("..", "runs/.."),
        ("r2/1", "runs/r2/1"),
    ],
)
def test_a_folder_that_is_not_of_its_run_is_told_and_nothing_goes(sqlite_shop, run, folder):
    shop = sqlite_shop
    for other in ("runs/r2/1", "runs/r10/1", "tenants/acme/x"):
        shop.files(other, 1)
    shop.artifact("x", days=60, files=0, run=run, folder=folder)
    paths = shop.paths()
    done = shop.do(JOB)
    assert (done["malformed_count"], counts(done)) == (1, (0, 0, 0, 0, 0))
    assert shop.paths() == paths


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a/b.txt", "text")
        made.writestr("c.txt", "more")
    return stream.getvalue()


@pytest.fixture
def unpacked(sqlite_shop):
    shop = sqlite_shop
    shop.blobs.write("tenants/acme/a.zip", archive())
    return shop.perform("zip-unpack", {"source": "tenants/acme/a.zip"}, tenant="acme")


def test_what_is_unpacked_is_an_artifact_until_all_of_it_goes(sqlite_shop, unpacked):
    shop = sqlite_shop
    (document,) = [shop.documents.get(ARTIFACTS, id) for id in shop.ids(ARTIFACTS)]
    artifact = artifact_of(document)
    assert (artifact.run, artifact.tenant, artifact.files, artifact.bytes) == (
        unpacked.id,
        "acme",
        2,
        8,
    )
    assert artifact.expires - shop.documents.now() == timedelta(days=30)
    assert shop.blobs.stat(artifact.manifest) is not None
    shop.time.advance(timedelta(days=29))
    assert counts(shop.do(JOB)) == (0, 0, 0, 0, 0)
    shop.time.advance(timedelta(days=1))
    assert counts(shop.do(JOB)) == (1, 0, 0, 4, 0)
    assert shop.paths("runs/") == []
    again = shop.runs.apply(
        shop.runs.get(unpacked.id), lambda run: evolve(run, state=State.PENDING)
    )
    assert shop.result(shop.attempt(again.id))["files"] == 2
    assert len(shop.paths("runs/")) == 4


def test_what_is_unpacked_to_where_the_user_says_is_the_users(sqlite_shop):
    shop = sqlite_shop
    shop.blobs.write("tenants/acme/a.zip", archive())
    params = {"source": "tenants/acme/a.zip", "destination": "tenants/acme/files"}
    assert shop.perform("zip-unpack", params, tenant="acme").state is State.SUCCEEDED
    assert shop.ids(ARTIFACTS) == set()


def test_what_the_ledger_removes_with_its_run_leaves_no_document(sqlite_shop, unpacked):
    shop = sqlite_shop
    assert unpacked.state is State.SUCCEEDED
    shop.time.advance(timedelta(days=30, seconds=-1))
    retention = Retention(shop.runs, blobs=lambda: shop.blobs)
    shop.time.advance(timedelta(seconds=2))
    assert retention.remove_expired() >= 1
    assert shop.paths("runs/") == []
    assert counts(shop.do(JOB)) == (0, 1, 0, 0, 0)
    assert shop.ids(ARTIFACTS) == set()


def test_what_times_out_of_firestore_before_a_sweep_leaves_no_blobs(sqlite_shop, unpacked):
    """Its time-to-live removes the run's document, and knows of no blobs."""
    shop = sqlite_shop
    run = shop.documents.get("runs", unpacked.id)
    shop.documents.commit([Delete("runs", run.id, run.version)])
    shop.files("runs/other/1", 1, days=0)
    shop.time.advance(timedelta(days=31))
    assert counts(shop.do(JOB)) == (1, 0, 1, 5, 0)
    assert shop.paths("runs/") == []
