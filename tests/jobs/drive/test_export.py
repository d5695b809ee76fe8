"""Files go to a Drive, each once."""

from __future__ import annotations

import hashlib

import pytest

from common.errors import InvalidInput
from common.files import File, Place, write_manifest
from common.google import StorageUsedUp
from jobs.drive_export.target import NoFolder, NotWritable
from tests.services.google.drive import SHEET

STEP = 256 << 10
HOME = "tenants/t1"


@pytest.fixture
def put(blobs):
    """Puts blobs into the tenant's home; returns their paths."""

    def put_one(name, content, *, replace=False):
        return blobs.write(f"{HOME}/{name}", content, replace=replace).path

    return put_one


def test_files_and_folders_arrive_whole(exports, drive, put):
    put("out/a.csv", b"a,b\n")
    put("out/2026/b.txt", b"b" * (3 * STEP + 1))
    single, empty = put("c.pdf", b"%PDF"), put("empty.txt", b"")
    folder = drive.folder("Results")
    link = f"https://drive.google.com/drive/folders/{folder.id}"
    result = exports.run(sources=[f"{HOME}/out", single, empty], folder=link)
    assert [(file.name, file.state) for file in result.files] == [
        ("2026/b.txt", "created"),
        ("a.csv", "created"),
        ("c.pdf", "created"),
        ("empty.txt", "created"),
    ]
    there = {item.name: item for item in drive.items.values() if item.parents == [folder.id]}
    assert there["b.txt"].content == b"b" * (3 * STEP + 1)
    assert there["a.csv"].mime == "text/csv"
    assert there["empty.txt"].content == b""
    assert result.files[0].id == there["b.txt"].id
    assert result.files[0].link.endswith(f"{there['b.txt'].id}/view")
    assert result.bytes == 3 * STEP + 1 + 8


def test_exported_again_what_is_the_same_is_left_and_what_changed_is_a_new_version(
    exports, drive, put
):
    same, other = put("same.txt", b"same"), put("other.txt", b"old")
    first = exports.run(sources=[same, other])
    again = exports.run(sources=[same, other])
    assert (again.unchanged, again.created, again.updated) == (2, 0, 0)
    put("other.txt", b"new", replace=True)
    third = exports.run(sources=[same, other])
    assert (third.unchanged, third.updated) == (1, 1)
    assert [file.id for file in third.files] == [file.id for file in first.files]
    (item,) = drive.named("other.txt")
    assert item.revisions == [b"old", b"new"]
    assert len(drive.created) == 2


def test_a_new_file_each_time_if_asked_for(exports, drive, put):
    path = put("a.txt", b"a")
    for _ in range(2):
        assert exports.run(sources=[path], again="new").created == 1
    assert len(drive.named("a.txt")) == 2


def test_a_file_that_was_thrown_away_in_the_drive_is_made_anew(exports, drive, put):
    path = put("a.txt", b"a")
    first = exports.run(sources=[path]).files[0].id
    drive.items[first].trashed = True
    second = exports.run(sources=[path])
    assert second.created == 1
    del drive.items[second.files[0].id]
    assert exports.run(sources=[path]).created == 1


def test_users_own_files_of_the_same_name_stay(exports, drive, put):
    own = drive.file("a.txt", b"my own")
    exports.run(sources=[put("a.txt", b"exported")])
    assert own.content == b"my own"
    assert len(drive.named("a.txt")) == 2


def test_what_the_user_changed_since_is_a_version_before_ours(exports, drive, put):
    path = put("a.txt", b"a")
    id = exports.run(sources=[path]).files[0].id
    drive.change(drive.items[id], b"edited")
    assert exports.run(sources=[path]).updated == 1
    assert drive.items[id].revisions == [b"a", b"edited", b"a"]


def test_a_manifest_is_exported_with_its_names(exports, drive, put, blobs):
    path = put("x/1/a.pdf", b"%PDF")
    file = File(
        name="2026/a.pdf",
        uri=blobs.uri(path),
        size=4,
        sha256=_sha(b"%PDF"),
        content_type="application/pdf",
    )
    place = Place(blobs, f"{HOME}/list.jsonl")
    write_manifest(place, [file])
    result = exports.run(manifest=f"{HOME}/list.jsonl")
    assert result.files[0].name == "2026/a.pdf"
    assert drive.named("a.pdf")[0].content == b"%PDF"


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_tables_become_sheets_if_asked_for(exports, drive, put):
    path = put("table.csv", b"a,b\n1,2\n")
    first = exports.run(sources=[path], convert=True)
    (sheet,) = drive.named("table")
    assert (sheet.mime, sheet.exports["csv"]) == (SHEET, b"a,b\n1,2\n")
    assert exports.run(sources=[path], convert=True).unchanged == 1
    put("table.csv", b"a,b\n3,4\n", replace=True)
    again = exports.run(sources=[path], convert=True)
    assert again.files[0].id == first.files[0].id == sheet.id
    assert sheet.exports["csv"] == b"a,b\n3,4\n"


def test_what_the_user_may_change_no_more_keeps_no_other(exports, drive, blobs):
    paths = [blobs.write(f"tenants/t1/{name}", b"old").path for name in ("a.txt", "b.txt")]
    exports.run(sources=paths)
    (locked,), (other,) = drive.named("a.txt"), drive.named("b.txt")
    locked.writable = False
    for path in paths:
        blobs.write(path, b"new", replace=True)
    result = exports.run(sources=paths)
    assert (result.updated, [each.name for each in result.skipped]) == (1, ["a.txt"])
    assert "may not change" in result.skipped[0].reason
    assert (locked.content, other.content) == (b"old", b"new")


def test_shared_drives(exports, drive, put):
    team = drive.shared("Team")
    result = exports.run(sources=[put("a.txt", b"a")], folder=team.id)
    assert drive.items[result.files[0].id].drive == team.id


def test_a_folder_that_takes_nothing_is_told_before_anything_is_sent(exports, drive, put, google):
    path = put("a.txt", b"a")
    file, locked = drive.file("f", b""), drive.folder("locked", writable=False)
    thrown = drive.folder("thrown", trashed=True)
    for id, error in [
        ("1DoesNotExist", NoFolder),
        (file.id, NoFolder),
        (thrown.id, NoFolder),
        (locked.id, NotWritable),
    ]:
        with pytest.raises(error):
            exports.run("r-" + id, sources=[path], folder=id)
        assert exports.state("r-" + id) == "failed"
    assert drive.created == []
    assert "drive.files.create" not in google.seen


def test_a_shortcut_to_a_folder_leads_there(exports, drive, put):
    folder = drive.folder("there")
    way = drive.shortcut("way", folder.id)
    assert exports.run(sources=[put("a.txt", b"a")], folder=way.id).folder == folder.id


def test_a_storage_that_is_full_fails_for_good(exports, drive, put):
    drive.full = True
    with pytest.raises(StorageUsedUp):
        exports.run("r1", sources=[put("a.txt", b"a")])
    assert exports.state("r1") == "failed"


@pytest.mark.parametrize(
    "params",
    [
        {"sources": [f"{HOME}/nothing"]},
        {"sources": ["tenants/t2/secret.txt"]},
        {"sources": ["runs/other/1/file"]},
        {"sources": ["/etc/passwd"]},
        {"sources": ["file:///etc/passwd"]},
        {"sources": ["gs://another/bucket"]},
        {"manifest": "tenants/t2/list.jsonl"},
        {"manifest": f"{HOME}/hostile.jsonl"},
        {"sources": []},
        {"sources": ["a"], "folder": "https://evil.example/drive/folders/abcdefghijk"},
        {"sources": ["a"], "folder": "../../x"},
    ],
)
def test_what_is_not_there_or_not_the_tenants_is_refused(exports, drive, blobs, params):
    blobs.write("tenants/t2/secret.txt", b"canary")
    hostile = File(
        name="a", uri=blobs.uri("tenants/t2/secret.txt"), size=6, sha256="", content_type="a/b"
    )
    write_manifest(Place(blobs, f"{HOME}/hostile.jsonl"), [hostile])
    with pytest.raises(InvalidInput):
        exports.run(**params)
    assert drive.created == []
