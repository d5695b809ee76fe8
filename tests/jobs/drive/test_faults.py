"""What goes wrong at Google: ends right, or in an error that says so, and in time."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from common.files import Place, read_manifest, write_manifest
from common.google import BadAnswer, NoAnswer, account, calls
from common.integrations import Integrations, NeedsReauth
from common.runs import Runs
from jobs.drive_export import send
from jobs.drive_export.step import Damaged, NotAsListed
from tests.jobs.drive.attempts import TENANT, USER
from tests.services.google import Answer, Fault, refused
from tests.services.google.drive import DOCUMENT
from tests.time import FakeTime

STEP = 256 << 10
PASSING = [
    Fault(status=429, reason="rateLimitExceeded"),
    Fault(status=403, reason="userRateLimitExceeded"),
    Fault(status=500),
    Fault(status=503),
    Fault(manner="reset"),
    Fault(manner="lost"),
    Fault(manner="garbage"),
    Fault(manner="empty"),
    Fault(manner="cut"),
    Fault(manner="unauthorized"),
]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch) -> None:
    monkeypatch.setattr(calls, "_BASE", 0.001)
    monkeypatch.setattr(calls, "_CAP", 0.01)
    monkeypatch.setattr(send, "_CHUNK", STEP)


def named(fault) -> str:
    return f"{fault.status or ''}{fault.manner if not fault.status else fault.reason}"


@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_an_import_bears_whatever_passes(imports, drive, google, fault):
    """Each call of it goes wrong once, in this way."""
    top = drive.folder("Top")
    drive.file("a.txt", b"a" * 100_000, parent=top.id)
    drive.native("b", DOCUMENT, parent=top.id, document=b"b")
    body = fault.manner in {"garbage", "empty"}  # which a download cannot tell from content
    google.fail("drive.files.get", fault)
    google.fail("drive.files.list", fault)
    if not body:
        google.fail("drive.files.get", Fault())
        google.fail("drive.files.get", fault)
    if not body and fault.manner != "cut":
        google.fail("drive.files.export", fault)
    result = imports.run(folders=[top.id])
    files = imports.files(result)
    assert imports.content(files["a.txt"]) == b"a" * 100_000
    assert imports.content(files["b.docx"]) == b"b"
    assert google.faults.left == 0


@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_an_export_bears_whatever_passes_and_makes_one_file(exports, drive, google, blobs, fault):
    content = bytes(range(256)) * (3 * STEP // 256 + 1)
    path = blobs.write("tenants/t1/a.bin", content).path
    for method in ("drive.files.get", "drive.files.generateIds"):
        google.fail(method, fault)
    if fault.manner not in {"lost", "garbage", "empty", "cut"}:
        google.fail("drive.files.create", fault)
    for turn in (Fault(), fault, Fault(), Fault(), fault, fault):
        google.fail("drive.files.create.put", turn)
    result = exports.run(sources=[path])
    (item,) = drive.named("a.bin")
    assert item.content == content
    assert drive.created == [item.id] == [file.id for file in result.files]


@pytest.mark.parametrize("manner", ["garbage", "empty", "cut"])
def test_garbage_for_ever_is_an_error_and_never_a_success(  # noqa: PLR0913, PLR0917
    imports, exports, drive, google, blobs, manner
):
    drive.file("a.txt", b"a")
    google.fail("drive.files.list", Fault(manner=manner), times=100)
    with pytest.raises((BadAnswer, NoAnswer)):
        imports.run("r1", query="name contains 'a'")
    assert imports.state("r1") == "pending"
    google.fail("drive.files.create.put", Fault(manner=manner), times=200)
    with pytest.raises((BadAnswer, NoAnswer)):
        exports.run("r2", sources=[blobs.write("tenants/t1/x", b"x").path])
    assert exports.state("r2") == "pending"


@pytest.mark.parametrize(
    "said",
    [
        {"files": [{"name": "x"}]},
        {"files": [{"id": 7, "name": "x", "mimeType": "a/b", "modifiedTime": "t"}]},
        {"files": "many"},
        {"files": [7]},
        {
            "files": [
                {"id": "1", "name": "x", "mimeType": "a/b", "modifiedTime": "t", "size": "big"}
            ]
        },
        {
            "files": [
                {
                    "id": "1",
                    "name": "x",
                    "mimeType": "a/b",
                    "modifiedTime": "t",
                    "shortcutDetails": 3,
                }
            ]
        },
    ],
)
def test_an_answer_that_makes_no_sense_is_an_error(imports, google, said):
    content = json.dumps(said).encode()  # which the stand-in does not check like its own words
    google._handlers["drive.files.list"] = lambda _: Answer(content=content)
    with pytest.raises(BadAnswer):
        imports.run(query="name contains 'x'")


@pytest.mark.parametrize("manner", ["drip", "hang", "drip-headers"])
def test_a_transfer_that_hangs_or_drips_ends_in_time(  # noqa: PLR0913, PLR0917
    imports, exports, drive, google, blobs, manner
):
    file, path = drive.file("a.txt", b"a"), blobs.write("tenants/t1/x", b"x").path
    for attempts, method, params in [
        (imports, "drive.files.get", {"files": [file.id]}),
        (exports, "drive.files.create.put", {"sources": [path]}),
    ]:
        attempts.job = replace(attempts.job, timeout=timedelta(seconds=0.5))
        google.fail(method, Fault(manner=manner), times=100)
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            attempts.run("r-" + method, **params)
        assert time.monotonic() - began < 0.525 + 1.0  # the second for threads on a busy machine
        assert attempts.state("r-" + method) == "pending"


def test_retry_after_is_heeded(imports, drive, google, monkeypatch):
    passing = FakeTime()
    monkeypatch.setattr(account, "_CLOCK", passing.clock)
    file = drive.file("a.txt", b"a")
    google.fail("drive.files.get", 429, times=1, Retry_After="7")
    assert imports.run(files=[file.id]).files == 1
    assert passing.elapsed >= 7


def test_a_consent_that_was_revoked_ends_it_at_once_and_for_good(  # noqa: PLR0913, PLR0917
    imports, exports, drive, google, blobs, documents
):
    top = drive.folder("Top")
    for number in range(20):
        drive.file(f"{number}.txt", b"x", parent=top.id)
    media = google._handlers["drive.files.get"]

    def revokes(asked):
        if asked.get("alt") == "media":
            google.oauth.revoke("ann@example.com")
            return refused(401, "authError")
        return media(asked)

    google._handlers["drive.files.get"] = revokes
    with pytest.raises(NeedsReauth):
        imports.run("r1", folders=[top.id])
    assert imports.state("r1") == "failed"
    assert Runs(documents).get("r1").error.type == "NeedsReauth"
    assert Integrations(documents).find(tenant=TENANT, user=USER).status == "needs_reauth"
    google.seen.clear()
    with pytest.raises(NeedsReauth):
        exports.run("r2", sources=[blobs.write("tenants/t1/x", b"x").path])
    assert google.seen == []


def test_one_that_fails_for_now_has_the_others_done_first_and_is_all_that_is_left(
    imports, drive, google
):
    top = drive.folder("Top")
    files = [drive.file(f"{number}.txt", b"x" * number, parent=top.id) for number in range(6)]
    media = google._handlers["drive.files.get"]
    ill = {files[2].id}

    def fails(asked):
        if asked.path["fileId"] in ill and asked.get("alt") == "media":
            return refused(500, "backendError")
        return media(asked)

    google._handlers["drive.files.get"] = fails
    with pytest.raises(NoAnswer):
        imports.run("r1", folders=[top.id])
    assert imports.state("r1") == "pending"
    assert len(list(imports.blobs.list("tenants/"))) == 5
    ill.clear()
    google.asked.clear()
    result = imports.run("r1", folders=[top.id])
    assert (result.files, result.new) == (6, 6)
    assert [asked.path["fileId"] for asked in google.asked] == [files[2].id]


def test_what_arrives_damaged_is_sent_again_as_a_version(exports, drive, google, blobs):
    path = blobs.write("tenants/t1/a.txt", b"right").path
    make = google._handlers["drive.files.create"]
    google._handlers["drive.files.create"] = lambda asked: make(replace(asked, media=b"wrong"))
    with pytest.raises(Damaged):
        exports.run("r1", sources=[path])
    assert exports.state("r1") == "pending"
    result = exports.run("r1", sources=[path])
    (item,) = drive.named("a.txt")
    assert (item.revisions, result.files[0].id) == ([b"wrong", b"right"], item.id)


def test_a_file_that_is_not_the_manifests_any_more_is_not_sent(exports, imports, drive, blobs):
    file = drive.file("a.txt", b"listed")
    result = imports.run(files=[file.id])
    (listed,) = read_manifest(Place(blobs, blobs.path(result.manifest)))
    blobs.write(blobs.path(listed.uri), b"another", replace=True)
    with pytest.raises(NotAsListed):
        exports.run("r1", manifest=result.manifest)
    assert exports.state("r1") == "failed"
    assert drive.created == []
    place = Place(blobs, "tenants/t1/list.jsonl")
    write_manifest(place, [replace(listed, sha256="")])
    assert exports.run(manifest="tenants/t1/list.jsonl").created == 1


def test_no_secret_is_in_a_log_an_error_a_document_or_a_blob(  # noqa: PLR0913, PLR0917
    imports, exports, drive, google, blobs, tmp_path, caplog, capfd
):
    caplog.set_level(logging.INFO)
    file = drive.file("a.txt", b"a")
    path = blobs.write("tenants/t1/a.bin", b"x" * (2 * STEP)).path
    imports.run(files=[file.id])
    google.fail("drive.files.create.put", Fault())
    google.fail("drive.files.create.put", Fault(status=500), times=200)
    with pytest.raises(NoAnswer) as raised:
        exports.run("r1", sources=[path])
    secrets = {*google.oauth.secrets, *google.uploads.sessions}
    assert len(secrets) > 3
    told = [caplog.text, "".join(capfd.readouterr()), repr(raised.value), str(raised.value)]
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert any(b"r1" in each for each in kept)
    for secret in secrets:
        assert not [text for text in told if secret in text]
        assert not [each for each in kept if secret.encode() in each]
