"""Many documents: one run each, and tables after all of them, on each documents store."""

from __future__ import annotations

import csv
import io
import json

import pytest

from common.errors import InvalidInput
from common.files import File, Place, write_manifest
from common.runs import Batches, State
from common.runtime.discover import find_job
from jobs.extraction_batch.documents import why_not
from jobs.extraction_batch.listing import Listed
from tests.jobs.extraction.papers import pdf

pytestmark = pytest.mark.usefixtures("read_once")

SCHEMA = [
    {"name": "number", "type": "id", "labels": ["Invoice Number"], "required": True},
    {"name": "total", "type": "money", "labels": ["Total"]},
]
PARAMS = {"folder": "in", "schema": SCHEMA, "provider": "local"}


def paper(number: int) -> bytes:
    return pdf(f"Invoice Number: INV-{number:03}", f"Total: {number}.50 EUR")


def fill(ledger, count: int = 3, below: str = "in") -> None:
    for number in range(1, count + 1):
        ledger.blobs.write(f"{below}/{number:03}.pdf", paper(number))


def tables(ledger) -> dict:
    (run,) = ledger.runs.list({"job": "extraction-table"}, limit=10)
    return ledger.result(run)


def read_csv(ledger, files: list[dict], name: str) -> list[dict]:
    (uri,) = [file["uri"] for file in files if file["name"] == name]
    text = ledger.blobs.read(ledger.blobs.path(uri)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_folder_becomes_a_run_for_each_document_and_then_tables(each_ledger):
    ledger = each_ledger
    fill(ledger)
    ledger.blobs.write("in/b.zip", b"PK\x03\x04")
    ledger.blobs.write("in/broken.pdf", b"%PDF-1.4 garbage")
    begun = ledger.result(ledger.perform("extraction-batch", PARAMS))
    assert begun["documents"] == 4
    assert begun["skipped"] == [{"name": "b.zip", "reason": "application/zip is not read"}]
    ledger.work()
    counts = Batches(ledger.runs).counts(begun["batch"])
    assert (counts[State.SUCCEEDED], counts[State.FAILED]) == (3, 1)
    found = tables(ledger)
    assert (found["documents"], found["rows"], found["failed_count"]) == (4, 3, 1)
    assert found["failed"][0]["source"].endswith("in/broken.pdf")
    rows = read_csv(ledger, found["files"], "documents.csv")
    assert [row["number"] for row in rows] == ["INV-001", "INV-002", "INV-003"]
    assert [row["total"] for row in rows] == ["1.5", "2.5", "3.5"]
    assert [row["document"] for row in rows] == ["001.pdf", "002.pdf", "003.pdf"]


def test_a_manifest_names_documents_as_they_were_called(ledger):
    fill(ledger, 2, below="files")
    files = [
        File(
            name=f"Bills/March {number}.pdf",
            uri=ledger.blobs.uri(f"files/{number:03}.pdf"),
            size=1,
            sha256="0",
            content_type="application/pdf",
        )
        for number in (1, 2)
    ]
    write_manifest(Place(ledger.blobs, "list.jsonl"), files)
    params = {"manifest": "list.jsonl", "schema": SCHEMA, "provider": "local"}
    ledger.perform("extraction-batch", params)
    ledger.work()
    rows = read_csv(ledger, tables(ledger)["files"], "documents.csv")
    assert [row["document"] for row in rows] == ["Bills/March 1.pdf", "Bills/March 2.pdf"]


def test_sources_are_taken_as_they_are_and_each_once(ledger):
    ledger.blobs.write("a.unknown", b"Invoice Number: INV-7")
    ledger.blobs.write("in/a.pdf", paper(1))
    sources = ["a.unknown", "a.unknown", ledger.blobs.uri("a.unknown"), "in/a.pdf"]
    params = {**PARAMS, "sources": sources}
    assert ledger.result(ledger.perform("extraction-batch", params))["documents"] == 2


def test_sources_stay_the_same_files_wherever_their_runs_are(ledger, tmp_path, monkeypatch):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    (tmp_path / "here" / "a.pdf").write_bytes(paper(7))
    monkeypatch.chdir(tmp_path / "here")
    params = {"sources": ["a.pdf"], "schema": SCHEMA, "provider": "local"}
    ledger.result(ledger.perform("extraction-batch", params))
    monkeypatch.chdir(tmp_path / "there")
    ledger.work()
    assert tables(ledger)["rows"] == 1


def test_an_attempt_after_a_kill_submits_the_same_runs_though_files_have_come(ledger, monkeypatch):
    fill(ledger, 3)
    run = ledger.submit("extraction-batch", PARAMS)
    sealed = Batches.seal
    monkeypatch.setattr(Batches, "seal", lambda *_: 1 / 0)
    assert ledger.attempt(run.id).state is State.PENDING
    monkeypatch.setattr(Batches, "seal", sealed)
    for number in (8, 9):
        ledger.blobs.write(f"in/{number}.pdf", paper(number))
    ledger.documents.update("runs", run.id, lambda _: {"due": ledger.documents.now()})
    begun = ledger.result(ledger.attempt(run.id))
    assert begun["documents"] == 3
    assert len(ledger.runs.list({"job": "extraction"}, limit=100)) == 3


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"folder": "none", "schema": SCHEMA}, "no document in none: no file is there"),
        ({"folder": "in", "schema": SCHEMA, "most": 2}, "more than 2 documents"),
        ({"folder": "in", "schema": "schemas/bad.json"}, "no type 'colour'"),
        ({"manifest": "none.jsonl", "schema": SCHEMA}, "no file at"),
        ({"folder": "in", "schema": "none.json"}, "no file at"),
        ({"manifest": "in/001.pdf", "schema": SCHEMA}, "no file of a manifest"),
    ],
)
def test_what_cannot_be_begun_is_said_once_and_nothing_is_submitted(ledger, params, why):
    fill(ledger)
    ledger.blobs.write("schemas/bad.json", b'[{"name": "a", "type": "colour"}]')
    run = ledger.perform("extraction-batch", params)
    assert run.state is State.FAILED
    assert why in run.error.message
    assert not ledger.runs.list({"job": "extraction"}, limit=1)


def test_tables_go_on_to_drive_where_that_is_asked_for(ledger):
    fill(ledger, 1)
    export = {"user": "u@example.com", "folder": "1AbCdEfGhIjKlMnOpQrStUvWxYz012345"}
    begun = ledger.result(ledger.perform("extraction-batch", {**PARAMS, "then_export": export}))
    table = Batches(ledger.runs).get(begun["batch"]).then
    assert (table.job, table.then.job) == ("extraction-table", "drive-export")
    assert json.loads(table.then.params) == {**export, "manifest": "{result.manifest}"}
    ledger.attempt(ledger.runs.list({"job": "extraction"}, limit=1)[0].id)
    found = ledger.result(ledger.attempt(ledger.runs.list({"job": table.job}, limit=1)[0].id))
    (sent,) = ledger.runs.list({"job": "drive-export"}, limit=2)
    assert json.loads(sent.params) == {**export, "manifest": found["manifest"]}


def test_an_export_that_cannot_be_is_refused_before_anything_is_submitted(ledger):
    fill(ledger, 1)
    run = ledger.perform("extraction-batch", {**PARAMS, "then_export": {"folder": "F1"}})
    assert (run.state, run.error.type) == (State.FAILED, "InvalidInput")
    assert "drive-export: user" in run.error.message
    assert not ledger.runs.list({"job": "extraction"}, limit=1)


@pytest.mark.parametrize("params", [{"schema": "invoice"}, {"folder": "in"}])
def test_what_is_left_out_is_asked_for_at_once(params):
    with pytest.raises(InvalidInput, match=r"name sources|schema"):
        find_job("extraction-batch").validate(params)


def test_a_bad_schema_is_refused_before_anything_is_accepted():
    params = {"folder": "in", "schema": [{"name": "a b"}]}
    with pytest.raises(InvalidInput, match=r"^extraction-batch: schema: The schema, at field 1:"):
        find_job("extraction-batch").validate(params)


@pytest.mark.parametrize("tenant", ["", "a"])
def test_a_large_schema_is_shared_and_stays_what_it_was(ledger, tenant):
    home = "tenants/a/" if tenant else ""
    fill(ledger, 2, below=f"{home}in")
    large = [{**field, "description": "x" * 1_900} for field in SCHEMA]
    ledger.blobs.write(f"{home}s/mine.json", json.dumps(large).encode())
    params = {"folder": f"{home}in", "schema": f"{home}s/mine.json", "provider": "local"}
    ledger.perform("extraction-batch", params, tenant=tenant)
    ledger.blobs.write(f"{home}s/mine.json", b"[]", replace=True)
    runs = ledger.runs.list({"job": "extraction"}, limit=10)
    assert all(len(run.params) < 1_000 for run in runs)
    ledger.work()
    assert tables(ledger)["rows"] == 2


def test_another_tenants_documents_are_not_listed(ledger):
    fill(ledger, 2, below="tenants/b/in")
    for folder in ("tenants/b/in", "tenants/b", "/", "in"):
        run = ledger.perform("extraction-batch", {**PARAMS, "folder": folder}, tenant="a")
        assert (run.state, run.error.type) == (State.FAILED, "OutOfReach"), folder
    params = {"sources": ["tenants/b/in/001.pdf"], "schema": SCHEMA, "provider": "local"}
    ledger.perform("extraction-batch", params, tenant="a")
    (run, *_) = ledger.work()
    assert (run.job, run.error.type) == ("extraction", "OutOfReach")


def listed(name: str, content_type: str = "application/octet-stream", size: int = 9) -> Listed:
    return Listed(source=name, name=name, content_type=content_type, size=size)


@pytest.mark.parametrize(
    "name",
    ["a.pdf", "a.PDF", "a.jpg", "a.docx", "a.xlsx", "a.eml", "a.html", "a.csv", "a.tsv", "a"],
)
def test_documents_are_known_by_their_names(name):
    assert why_not(listed(name)) is None


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (listed("a.zip"), "application/zip"),
        (listed("a.mp4"), "video/mp4"),
        (listed("a.exe"), "a program"),
        (listed("a.pdf", "application/x-msdownload"), "not read"),
        (listed("a.pdf", "application/pdf", 0), "empty"),
        (listed("__MACOSX/._a.pdf", "application/pdf"), "leftover"),
        (listed("x/.DS_Store"), "leftover"),
        (listed("x/Thumbs.db"), "leftover"),
    ],
)
def test_what_is_no_document_is_told_why(file, why):
    assert why in why_not(file)


def test_a_thousand_documents_are_a_thousand_runs(ledger):
    sources = [f"in/{number}.pdf" for number in range(1_000)]
    params = {"sources": sources, "schema": "invoice", "provider": "local"}
    begun = ledger.result(ledger.perform("extraction-batch", params))
    assert begun["documents"] == 1_000
    assert Batches(ledger.runs).counts(begun["batch"])[State.PENDING] == 1_000
