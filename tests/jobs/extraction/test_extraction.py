"""The job: which documents it takes, from where, and what it makes of them."""

from __future__ import annotations

import hashlib
import json

import pytest

from common.errors import Misconfigured
from common.reading import source
from common.runs import State
from common.runtime.discover import find_job
from jobs.extraction import results, settings
from tests.jobs.extraction.papers import invoice

SCHEMA = [{"name": "number", "type": "id", "labels": ["Invoice Number"]}]


@pytest.fixture
def extract(ledger):
    """Has a document extracted here; returns the run."""

    def extract(source, *, tenant="", **params):
        params = {"source": source, "schema": SCHEMA, "provider": "local", **params}
        return ledger.perform("extraction", params, tenant=tenant)

    return extract


def test_a_document_of_the_store_becomes_typed_values(ledger, extract):
    blob = ledger.blobs.write("in/a.pdf", invoice())
    result = ledger.result(extract("in/a.pdf", schema="invoice"))
    assert result["values"]["invoice_number"] == "INV-2026-001"
    assert result["values"]["invoice_date"] == "2026-03-01"
    assert result["values"]["total"] == {"amount": 1234.5, "currency": "EUR"}
    assert (result["source"], result["name"]) == (blob.uri, "a.pdf")
    assert result["sha256"] == hashlib.sha256(invoice()).hexdigest()
    assert (result["size"], result["pages"]) == (len(invoice()), 1)
    assert (result["content_type"], result["provider"]) == ("application/pdf", "local")
    assert "iban" in result["missing"]
    assert result["missing_required"] == []
    for found in result["fields"].values():
        assert 0 < found["confidence"] <= 1


def test_a_file_of_the_machine_is_read_on_a_laptop(ledger, extract, tmp_path):
    (tmp_path / "a.pdf").write_bytes(invoice())
    result = ledger.result(extract(str(tmp_path / "a.pdf"), name="mine.pdf"))
    assert result["values"] == {"number": "INV-2026-001"}
    assert result["name"] == "mine.pdf"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("tenants/b/a.pdf", "OutOfReach"),
        ("/etc/passwd", "OutOfReach"),
        ("file:///etc/passwd", "OutOfReach"),
        ("gs://elsewhere/a.pdf", "OutOfReach"),
        ("tenants/a/../b/a.pdf", "BadPath"),
        ("runs/other/1/a.pdf", "OutOfReach"),
        ("tenants/a/none.pdf", "NotThere"),
        ("tenants/a", "NotThere"),
    ],
)
def test_a_tenant_reaches_its_own_documents_alone(ledger, extract, path, error):
    for blob in ("tenants/b/a.pdf", "runs/other/1/a.pdf", "tenants/a/a.pdf"):
        ledger.blobs.write(blob, invoice())
    run = extract(path, tenant="a")
    assert (run.state, run.error.type) == (State.FAILED, error)
    assert ledger.result(extract("tenants/a/a.pdf", tenant="a"))["missing"] == []


def test_a_schema_in_the_store_is_read_and_another_tenants_is_not(ledger, extract):
    for tenant in ("a", "b"):
        text = json.dumps(SCHEMA).encode()
        ledger.blobs.write(f"tenants/{tenant}/s.json", text)
        ledger.blobs.write(f"tenants/{tenant}/a.pdf", invoice())
    found = extract("tenants/a/a.pdf", schema="tenants/a/s.json", tenant="a")
    assert ledger.result(found)["values"] == {"number": "INV-2026-001"}
    run = extract("tenants/a/a.pdf", schema="tenants/b/s.json", tenant="a")
    assert (run.state, run.error.type) == (State.FAILED, "OutOfReach")


def test_a_place_that_holds_no_schema_is_told_so(ledger, extract):
    ledger.blobs.write("a.pdf", invoice())
    ledger.blobs.write("s.json", b"\xff\xfe")
    run = extract("a.pdf", schema="s.json")
    assert (run.state, run.error.type) == (State.FAILED, "InvalidInput")
    assert "no text in UTF-8" in run.error.message


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/computeMetadata/v1/",
        "https://[::ffff:169.254.169.254]/",
        "https://2852039166/",
        "https://127.0.0.1/a.pdf",
        "https://localhost/a.pdf",
        "http://example.com/a.pdf",
    ],
)
def test_addresses_that_are_not_public_are_refused(extract, url):
    run = extract(url)
    assert (run.state, run.error.type) == (State.FAILED, "RefusedURL")


def test_a_document_that_is_too_large_is_refused_and_leaves_nothing(
    ledger, extract, monkeypatch, tmp_path
):
    monkeypatch.setattr(source, "MOST", 1_000)
    ledger.blobs.write("a.pdf", invoice())
    run = extract("a.pdf")
    assert (run.state, run.error.type) == (State.FAILED, "TooMuch")
    assert not list(tmp_path.glob("runjobs-*/*/*"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 garbage", b"PK\x03\x04garbage", b"\x00\x01"])
def test_what_is_no_document_is_a_dead_letter_with_a_sentence(ledger, extract, content):
    ledger.blobs.write("a.pdf", content)
    run = extract("a.pdf")
    assert run.state is State.FAILED
    assert run.error.message.startswith("a.pdf ")
    assert run.error.trace is None


def test_a_result_that_is_too_large_for_the_ledger_is_a_file(ledger, extract, monkeypatch):
    monkeypatch.setattr(results, "_MOST", 3_000)
    lines = ["Item,Price", *(f"Thing number {number},{number}.00" for number in range(200))]
    ledger.blobs.write("a.csv", "\n".join(lines).encode())
    rows = {
        "name": "items",
        "type": "rows",
        "fields": [
            {"name": "item", "labels": ["Item"]},
            {"name": "price", "type": "number", "labels": ["Price"]},
        ],
    }
    result = ledger.result(extract("a.csv", schema=[*SCHEMA, rows]))
    assert result["values"]["items"] is None
    assert "rows" not in result["fields"]["items"]
    whole = json.loads(ledger.blobs.read(ledger.blobs.path(result["whole"])))
    assert len(whole["values"]["items"]) == 200
    assert whole["sha256"] == result["sha256"]


GROUPED = {
    "type": "object",
    "properties": {
        "number": {"type": "string", "x-type": "id", "x-labels": ["Invoice Number"]},
        "sum": {
            "type": "object",
            "properties": {
                "total": {"type": "number", "minimum": 1_000, "x-labels": ["Total"]},
                "tip": {"type": "number"},
            },
        },
        "ship": {"type": "object", "properties": {"tracking": {"type": "string"}}},
    },
}


@pytest.mark.parametrize("most", [0, 200_000])
def test_a_group_of_a_json_schema_is_an_object_among_the_values(ledger, extract, monkeypatch, most):
    monkeypatch.setattr(results, "_MOST", most)
    ledger.blobs.write("a.pdf", invoice())
    result = ledger.result(extract("a.pdf", schema=GROUPED))
    assert result["values"] == {
        "number": "INV-2026-001",
        "sum": {"total": 1234.5, "tip": None},
        "ship": None,
    }
    assert {*result["fields"]} == {"number", "sum_total"}
    assert result["missing"] == ["sum_tip", "ship_tracking"]
    assert (result["whole"] is None) is (most > 0)


@pytest.mark.parametrize(
    ("asked", "env", "name"),
    [
        ("auto", {}, "local"),
        ("auto", {"GEMINI_API_KEY": "k"}, "gemini"),
        ("auto", {"GOOGLE_GENAI_USE_VERTEXAI": "true"}, "gemini"),
        ("auto", {"GOOGLE_CLOUD_PROJECT": "p"}, "local"),
        ("auto", {"GEMINI_API_KEY": "k", "EXTRACTION_PROVIDER": "local"}, "local"),
        ("auto", {"EXTRACTION_PROVIDER": "gemini"}, "gemini"),
        ("local", {"GEMINI_API_KEY": "k"}, "local"),
        ("gemini", {"EXTRACTION_PROVIDER": "local"}, "gemini"),
    ],
)
def test_the_provider_is_the_one_asked_for_or_the_one_that_is_set_up(asked, env, name):
    assert settings.chosen(asked, env) == name


def test_a_provider_that_there_is_not_is_named():
    with pytest.raises(Misconfigured, match="EXTRACTION_PROVIDER='magic'"):
        settings.chosen("auto", {"EXTRACTION_PROVIDER": "magic"})


def test_the_job_has_the_resources_of_its_service():
    job = find_job("extraction")
    assert (job.cpu, job.memory, job.timeout.total_seconds()) == (2, "2Gi", 3600)
    assert job.queue == "extract-tasks"
    assert job.drain.total_seconds() == 600
