"""Row 30: a tenant's run reads and writes nothing of another's, whatever its params name."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress

import pytest

from common.documents import Query
from common.errors import InvalidInput
from common.files import File, Place, write_manifest
from tests.jobs.extraction.ledger import Ledger

CANARY = "canary-of-rival-77-1203"
THEIRS = "tenants/rival"
OURS = "tenants/acme"


def archive(name: str, text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(name, text)
    return stream.getvalue()


@pytest.fixture
def ledger(documents, tmp_path):
    made = Ledger(documents, (tmp_path / "blobs").as_uri())
    write = made.blobs.write
    write(f"{THEIRS}/bill.txt", f"Invoice number: {CANARY}".encode())
    write(f"{THEIRS}/bills.zip", archive(f"{CANARY}.txt", f"Invoice number: {CANARY}"))
    write(f"{THEIRS}/schema.json", json.dumps([{"name": CANARY}]).encode())
    stolen = File(
        name="bill.txt",
        uri=made.blobs.uri(f"{THEIRS}/bill.txt"),
        size=30,
        sha256="0" * 64,
        content_type="text/plain",
    )
    write_manifest(Place(made.blobs, f"{THEIRS}/manifest.jsonl"), [stolen])
    write_manifest(Place(made.blobs, f"{OURS}/manifest.jsonl"), [stolen])
    write(f"{OURS}/bill.txt", b"Invoice number: 1")
    write(f"{OURS}/bills.zip", archive("bill.txt", "Invoice number: 1"))
    return made


def everything(ledger: Ledger) -> str:
    """All that was written outside of the other tenant's folder."""
    blobs = [blob for blob in ledger.blobs.list() if not blob.path.startswith(f"{THEIRS}/")]
    texts = [blob.path + ledger.blobs.read(blob.path).decode("latin-1") for blob in blobs]
    runs = [run for run in ledger.runs.list() if run.tenant == "acme"]
    return "\n".join([*texts, *map(repr, runs)])


def theirs(ledger: Ledger) -> dict[str, str]:
    return {blob.path: blob.etag for blob in ledger.blobs.list(f"{THEIRS}/")}


WAYS = {
    "zip-unpack": [
        {"source": f"{THEIRS}/bills.zip"},
        {"source": f"{OURS}/../rival/bills.zip"},
        {"source": f"{OURS}/bills.zip", "destination": f"{THEIRS}/new"},
        {"source": f"{OURS}/bills.zip", "manifest": f"{THEIRS}/new.jsonl"},
        {"source": f"{OURS}/bills.zip", "manifest": f"{THEIRS}/manifest.jsonl"},
    ],
    "extraction": [
        {"source": f"{THEIRS}/bill.txt", "schema": "invoice"},
        {"source": f"{OURS}/bill.txt", "schema": f"{THEIRS}/schema.json"},
        {"source": "file:///etc/passwd", "schema": "invoice"},
        {"source": "/etc/passwd", "schema": "invoice"},
    ],
    "extraction-batch": [
        {"folder": THEIRS, "schema": "invoice"},
        {"folder": "tenants", "schema": "invoice"},
        {"sources": [f"{THEIRS}/bill.txt"], "schema": "invoice"},
        {"manifest": f"{THEIRS}/manifest.jsonl", "schema": "invoice"},
        {"manifest": f"{OURS}/manifest.jsonl", "schema": "invoice"},
        {"sources": [f"{OURS}/bill.txt"], "schema": "invoice", "destination": f"{THEIRS}/new"},
    ],
    "run-initializer": [
        {"source": [f"{THEIRS}/bills.zip"], "schema": "invoice"},
        {"source": [THEIRS], "schema": "invoice"},
        {"source": [f"{OURS}/bills.zip"], "schema": "invoice", "export": f"{THEIRS}/new"},
    ],
    "monitor-check": [
        {"monitor": "bill", "source": f"{THEIRS}/bill.txt"},
        {"monitor": "bill", "source": f"{OURS}/../rival/bill.txt"},
        {"monitor": "bill", "source": "file:///etc/passwd"},
    ],
    "analysis": [
        {"question": "Which number?", "sources": [f"{THEIRS}/bill.txt"]},
        {"question": "Which number?", "sources": [f"{OURS}/bill.txt", f"{THEIRS}/bill.txt"]},
        {"question": "Which number?", "sources": ["/etc/passwd"]},
        {"question": "Which number?", "folder": THEIRS},
        {"question": "Which number?", "folder": "tenants"},
        {"question": "Which number?", "manifest": f"{THEIRS}/manifest.jsonl"},
        {"question": "Which number?", "manifest": f"{OURS}/manifest.jsonl"},
    ],
}


@pytest.mark.parametrize(
    ("job", "params"), [(job, params) for job, ways in WAYS.items() for params in ways]
)
def test_nothing_of_another_tenant_is_read_or_written(ledger, job, params):
    before = theirs(ledger)
    with suppress(InvalidInput):  # some are refused at once, others when they are worked on
        ledger.submit(job, params, tenant="acme")
    ledger.work(most=20)
    assert CANARY not in everything(ledger)
    assert theirs(ledger) == before


def test_the_same_params_work_for_whose_they_are(ledger):
    """Else the tests above would pass with jobs that never work."""
    done = ledger.perform("zip-unpack", {"source": f"{THEIRS}/bills.zip"}, tenant="rival")
    assert ledger.result(done)["files"] == 1
    params = {"source": f"{THEIRS}/bill.txt", "schema": "invoice"}
    done = ledger.perform("extraction", params, tenant="rival")
    assert CANARY in json.dumps(ledger.result(done))


def test_monitors_of_one_name_are_each_tenant_s_own(ledger):
    for tenant, folder in (("rival", THEIRS), ("acme", OURS), ("acme", OURS)):
        params = {"monitor": "bill", "source": f"{folder}/bill.txt"}
        done = ledger.result(ledger.perform("monitor-check", params, tenant=tenant))
    assert not done["changed"]
    assert CANARY not in everything(ledger)
    monitors = ledger.documents.query(Query("monitors"))
    assert {each.data["tenant"] for each in monitors} == {"rival", "acme"}


def test_a_batch_of_another_tenants_is_no_ones_table(ledger):
    params = {"sources": [f"{THEIRS}/bill.txt"], "schema": "invoice"}
    theirs_batch = ledger.result(ledger.perform("extraction-batch", params, tenant="rival"))
    ledger.work()
    ledger.perform("extraction-table", {"batch": theirs_batch["batch"]}, tenant="acme")
    runs = [run for run in ledger.runs.list() if run.tenant == "acme"]
    ours = [blob.path for run in runs for blob in ledger.blobs.list(f"runs/{run.id}/")]
    assert CANARY not in "".join(ledger.blobs.read(path).decode("latin-1") for path in ours)
    assert CANARY not in repr(runs)
