"""The same on the stores of a laptop and of the cloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from common.blobs import Blobs, open_blobs
from common.google.upload import Upload
from jobs.drive_export.ledger import Ledger
from tests.blobs.backends import Gcs
from tests.services.google.drive import DOCUMENT


@pytest.fixture(params=["laptop", "cloud"])
def where(request) -> str:
    return str(request.param)


@pytest.fixture
def documents_url(request, tmp_path, where) -> str:
    if where == "laptop":
        return f"sqlite:///{tmp_path}/documents.sqlite3"
    return str(request.getfixturevalue("firestore_url"))


@pytest.fixture
def blobs(request, tmp_path, where) -> Iterator[Blobs]:
    if where == "laptop":
        yield open_blobs(f"file://{tmp_path}/blobs")
        return
    backend = Gcs(request.getfixturevalue("gcs_url"))
    yield backend.blobs
    backend.close()


def test_an_import_and_its_repetitions(imports, drive, blobs):
    top = drive.folder("Top")
    file = drive.file("a.bin", b"a" * 9_000_000, parent=top.id)
    drive.native("b", DOCUMENT, parent=top.id, document=b"b")
    first = imports.run(folders=[top.id])
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    assert imports.content(imports.files(first)["a.bin"]) == b"a" * 9_000_000
    again = imports.run(folders=[top.id])
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    drive.change(file, b"A")
    third = imports.run(folders=[top.id])
    assert (third.new, third.changed, third.unchanged) == (0, 1, 1)
    assert len(list(blobs.list("tenants/"))) == 3


def test_an_export_and_its_repetitions(exports, drive, blobs):
    path = blobs.write("tenants/t1/out/a.bin", b"a" * 9_000_000).path
    assert exports.run(sources=["tenants/t1/out"]).created == 1
    assert exports.run(sources=[path]).unchanged == 1
    blobs.write(path, b"A", replace=True)
    assert exports.run(sources=[path]).updated == 1
    (item,) = drive.named("a.bin")
    assert item.revisions == [b"a" * 9_000_000, b"A"]


@pytest.mark.parametrize("convert", [False, True])
def test_an_attempt_that_comes_back_late_makes_no_second_file(
    exports, drive, blobs, monkeypatch, convert
):
    """It has begun an upload, and stands still before it says so; another one does it all."""
    path = blobs.write("tenants/t1/a.csv", b"a,b\n").path
    put, params = Ledger.put, {"sources": [path], "convert": convert}
    others = []

    def late(ledger, *args):
        if not others:
            others.append(None)
            others[0] = exports.run("another", **params)
        return put(ledger, *args)

    monkeypatch.setattr(Ledger, "put", late)
    result = exports.run("late", **params)
    assert len(drive.created) == 1
    assert [each.id for each in result.files] == [each.id for each in others[0].files]
    assert others[0].created == 1
    assert result.unchanged == 1


def test_two_that_know_nothing_of_each_others_sessions_make_one_file(
    exports, drive, blobs, monkeypatch
):
    """The second cannot read the session, and begins another: of one id Drive makes one file."""
    path = blobs.write("tenants/t1/a.csv", b"a,b\n").path
    send, others = Upload.send, []

    def late(upload, *args, **options):
        if not others:
            others.append(None)
            with monkeypatch.context() as patched:
                patched.setattr(Ledger, "unseal", lambda *_: None)
                others[0] = exports.run("another", sources=[path])
        return send(upload, *args, **options)

    monkeypatch.setattr(Upload, "send", late)
    result = exports.run("late", sources=[path])
    assert drive.created == [result.files[0].id] == [others[0].files[0].id]
