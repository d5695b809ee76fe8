"""Killed at each step, and tried again: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

from common.documents import Query
from jobs.drive_export import send
from jobs.drive_export.ledger import Ledger
from tests.chaos.counts import trials
from tests.jobs.drive.attempts import Killed
from tests.jobs.drive.knife import Knife
from tests.services.google.drive import DOCUMENT

STEP = 256 << 10
ROUNDS = trials(1, 50)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch) -> None:
    monkeypatch.setattr(send, "_CHUNK", STEP)


def killed_at_each_step(monkeypatch, attempts, params_of, check) -> int:
    """Kills a run of its own at each step, `check` what came of it; returns how many there are."""
    for at in itertools.count(1):
        for turn in range(ROUNDS):
            id, params = f"r{at}x{turn}", params_of(f"{at}x{turn}")
            with monkeypatch.context() as patched:
                knife = Knife(patched, at)
                with suppress(Killed):
                    attempts.run(id, **params)
            if not knife.fell:
                return at - 1
            check(params, attempts.finish(id, **params))
    raise AssertionError


def test_an_import_killed_at_any_step_ends_with_each_file_once(imports, drive, google, monkeypatch):
    top = drive.folder("Top")
    below = drive.folder("Below", parent=top.id)
    drive.file("a.txt", b"a" * 100_000, parent=top.id)
    drive.file("b.txt", b"b", parent=below.id)
    drive.native("c", DOCUMENT, parent=top.id, document=b"c")

    def params_of(name):
        google.seen.clear()
        return {"folders": [top.id], "destination": f"tenants/t1/{name}"}

    def check(params, result):
        assert (result.files, result.new) == (3, 3)
        files = imports.files(result)
        kept = {blob.path for blob in imports.blobs.list(f"{params['destination']}/")}
        assert kept == {imports.blobs.path(file.uri) for file in files.values()}
        assert imports.content(files["a.txt"]) == b"a" * 100_000
        assert google.seen.count("drive.files.export") <= 2

    assert killed_at_each_step(monkeypatch, imports, params_of, check) > 30


def test_what_a_killed_import_has_listed_and_brought_is_not_asked_for_again(
    imports, drive, google, monkeypatch
):
    top = drive.folder("Top")
    for number in range(12):
        drive.file(f"{number}.txt", b"x" * number, parent=top.id)
    with monkeypatch.context() as patched, suppress(Killed):
        Knife(patched, 60)
        imports.run("r1", folders=[top.id])
    noted = len(imports.documents.query(Query("imports")))
    assert 0 < noted < 12
    google.seen.clear()
    result = imports.run("r1", folders=[top.id])
    assert (result.files, result.new) == (12, 12)
    assert "drive.files.list" not in google.seen
    assert google.seen.count("drive.files.get") <= 12 - noted


@pytest.mark.parametrize("convert", [False, True])
def test_an_export_killed_at_any_step_ends_with_each_file_once(
    exports, drive, blobs, monkeypatch, convert
):
    names = ("a.csv", "b.csv")
    for name in names:
        blobs.write(f"tenants/t1/out/{name}", name.encode() * (STEP // 2))

    def params_of(name):
        folder = drive.folder(name)
        return {"sources": ["tenants/t1/out"], "folder": folder.id, "convert": convert}

    def check(params, result):
        there = [item for item in drive.items.values() if item.parents == [params["folder"]]]
        assert sorted(item.id for item in there) == sorted(file.id for file in result.files)
        assert len(there) == 2
        assert [file.state for file in result.files] == ["created", "created"]
        for item in there:
            assert len(item.revisions) == 1
            assert item.revisions[0] in {name.encode() * (STEP // 2) for name in names}

    assert killed_at_each_step(monkeypatch, exports, params_of, check) > 30


def test_an_update_killed_at_any_step_leaves_one_new_version(exports, drive, blobs, monkeypatch):
    path = blobs.write("tenants/t1/a.txt", b"old").path

    def params_of(name):
        blobs.write(path, b"old", replace=True)
        params = {"sources": [path], "folder": drive.folder(name).id}
        exports.run(**params)
        blobs.write(path, b"new" * (STEP // 2), replace=True)
        return params

    def check(params, result):
        (file,) = result.files
        assert drive.items[file.id].revisions == [b"old", b"new" * (STEP // 2)]
        assert file.state == "updated"
        assert (
            len([item for item in drive.items.values() if item.parents == [params["folder"]]]) == 1
        )

    assert killed_at_each_step(monkeypatch, exports, params_of, check) > 15


@pytest.mark.parametrize(("convert", "member"), [(False, True), (True, True), (True, False)])
def test_an_export_whose_session_is_gone_is_found_by_its_id_or_its_mark(  # noqa: PLR0913, PLR0917
    exports, drive, google, blobs, monkeypatch, convert, member
):
    """Killed when the file is there and before that is known, and back after more than a week."""
    path, team = blobs.write("tenants/t1/a.csv", b"a").path, drive.shared("Team", member=member)
    for at in itertools.count(1):
        folder = drive.folder(f"at {at}", parent=team.id)
        params = {"sources": [path], "folder": folder.id, "convert": convert}
        with monkeypatch.context() as patched:
            knife = Knife(patched, at)
            with suppress(Killed):
                exports.run(f"r{at}", **params)
        if not knife.fell:
            break
        google.uploads.forget()
        result = exports.finish(f"r{at}", **params)
        assert [item.id for item in drive.items.values() if item.parents == [folder.id]] == [
            result.files[0].id
        ]
    assert at > 15


def test_what_was_thrown_away_before_anybody_knew_of_it_is_made_anew(
    exports, drive, google, blobs, monkeypatch
):
    path, put = blobs.write("tenants/t1/a.txt", b"a").path, Ledger.put

    def killed(ledger, key, sending, over):
        if sending.state == "done":
            raise Killed
        return put(ledger, key, sending, over)

    with monkeypatch.context() as patched, suppress(Killed):
        patched.setattr(Ledger, "put", killed)
        exports.run("r1", sources=[path])
    (thrown,) = drive.named("a.txt")
    thrown.trashed = True
    google.uploads.forget()
    (file,) = exports.finish("r1", sources=[path]).files
    assert [item.id for item in drive.named("a.txt")] == [thrown.id, file.id]
