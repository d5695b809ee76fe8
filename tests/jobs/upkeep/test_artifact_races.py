"""artifact-cleanup: whoever comes to need files while they are going keeps them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.data.artifacts import ARTIFACTS, artifact_id
from common.documents import Update
from common.runs import State
from tests.jobs.upkeep.knife import Killed
from tests.jobs.upkeep.test_artifacts import archive, counts

JOB = "artifact-cleanup"


@pytest.fixture
def each_alone(monkeypatch):
    """Each blob is looked at for itself."""
    monkeypatch.setattr("common.maintenance.folders._AT_ONCE", 1)


@pytest.fixture
def meanwhile(sqlite_shop, monkeypatch):
    """Does something once, when documents of a state have just been read."""

    def set_up(state, act):
        query, acted = sqlite_shop.documents._query, []

        def then(asked):
            found = query(asked)
            if ("state", "==", state) in asked.where and found and not acted:
                acted.append(state)
                act()
            return found

        monkeypatch.setattr(sqlite_shop.documents, "_query", then)

    return set_up


def test_a_run_that_comes_again_by_its_key_keeps_what_it_writes(sqlite_shop, meanwhile):
    """Between being found and being removed."""
    shop = sqlite_shop
    shop.artifact("known", days=1)
    shop.files("runs/0again/1", 2, days=60)
    meanwhile("orphan", lambda: shop.run("noop", id="0again"))
    assert counts(shop.do(JOB)) == (0, 0, 0, 0, 0)
    assert len(shop.paths("runs/0again/")) == 2
    assert shop.ids(ARTIFACTS) == {artifact_id("known")}


def test_what_is_written_anew_below_an_orphan_stays(sqlite_shop, monkeypatch):
    """Whoever writes it, and however late."""
    shop = sqlite_shop
    shop.artifact("known", days=1)
    shop.files("runs/0again/1", 2, days=60)
    listed, asked = shop.blobs.list, []

    def then(prefix=""):
        asked.append(prefix)
        if asked.count("runs/0again/") == 2:
            shop.files("runs/0again/2", 1, days=0)
        return listed(prefix)

    monkeypatch.setattr(shop.blobs, "list", then)
    assert counts(shop.do(JOB)) == (0, 0, 1, 2, 0)
    assert shop.paths("runs/0again/") == ["runs/0again/2/0.txt"]


def test_what_was_unpacked_again_since_its_page_was_read_stays(sqlite_shop, meanwhile):
    """By a replay that has come to its end meanwhile."""
    shop = sqlite_shop
    shop.artifact("again", days=40, files=3)

    def unpack_again():
        found = shop.documents.get(ARTIFACTS, artifact_id("again"))
        data = {"state": "kept", "expires": shop.ago(-30)}
        shop.documents.commit([Update(ARTIFACTS, found.id, data, found.version)])

    meanwhile("removing", unpack_again)
    assert counts(shop.do(JOB)) == (0, 0, 0, 0, 1)
    assert len(shop.paths("runs/again/")) == 3


@pytest.mark.usefixtures("each_alone")
def test_a_replay_stops_the_blobs_of_its_run_from_going(sqlite_shop, monkeypatch):
    shop = sqlite_shop
    run = shop.run("noop", state=State.SUCCEEDED)
    shop.artifact(run.id, days=40, files=5)
    delete, gone = shop.blobs.delete, []

    def then(paths):
        gone.append(paths)
        if len(gone) == 2:
            found = shop.documents.get("runs", run.id)
            data = {"state": State.PENDING.value}
            shop.documents.commit([Update("runs", run.id, data, found.version)])
        return delete(paths)

    monkeypatch.setattr(shop.blobs, "delete", then)
    assert counts(shop.do(JOB)) == (0, 0, 0, 0, 1)
    assert len(shop.paths(f"runs/{run.id}/")) == 3


@pytest.mark.usefixtures("each_alone")
def test_the_note_that_files_are_there_goes_before_they_do(sqlite_shop, monkeypatch):
    """So a run that is replayed after a kill unpacks anew."""
    shop = sqlite_shop
    shop.blobs.write("tenants/acme/a.zip", archive())
    unpacked = shop.perform("zip-unpack", {"source": "tenants/acme/a.zip"}, tenant="acme")
    shop.time.advance(timedelta(days=31))
    delete = shop.blobs.delete

    def killed(paths):
        if any("/files/" in path for path in paths):
            raise Killed
        return delete(paths)

    with monkeypatch.context() as patch:
        patch.setattr(shop.blobs, "delete", killed)
        shop.perform(JOB, {})
    left = [path.removeprefix(f"runs/{unpacked.id}/") for path in shop.paths("runs/")]
    assert left == ["files/a/b.txt", "files/c.txt"]
