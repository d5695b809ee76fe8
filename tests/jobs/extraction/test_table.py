"""Tables of what was found: typed, harmless, in one order, and however many documents there are."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tracemalloc
from datetime import datetime

import openpyxl
import pytest

from common.runs import Batch, Batches, Run, State
from jobs.extraction_table import tables as module
from jobs.extraction_table import xlsx_file
from jobs.extraction_table.csv_files import harmless

EVIL = ("=HYPERLINK(1)", "+1", "-2", "@SUM(1)", "\tx", " =1+1", "\uff1d1")
OUTLINE = {
    "name": "bill",
    "fields": [
        {"name": "number", "type": "id"},
        {"name": "day", "type": "date"},
        {"name": "total", "type": "money"},
        {"name": "count", "type": "integer"},
        {"name": "paid", "type": "boolean"},
        {
            "name": "items",
            "type": "rows",
            "fields": [{"name": "what", "type": "text"}, {"name": "price", "type": "money"}],
        },
    ],
}


def cell(value) -> dict:
    return {"value": value, "confidence": 0.9, "page": 1, "text": str(value)}


def result(source: str, number: str = "INV-1", items=("thing",), **fields) -> dict:
    """What an extraction returns."""
    money = {"amount": 1234.5, "currency": "EUR"}
    rows = [{"what": cell(what), "price": cell(money)} for what in items]
    found = {
        "number": cell(number),
        "day": cell("2026-03-01"),
        "total": cell(money),
        "count": cell(3),
        "paid": cell(value=True),
        "items": {"confidence": 0.8, "page": 1, "text": "", "rows": rows},
        **fields,
    }
    kept = {name: each for name, each in found.items() if each is not None}
    return {
        "source": source,
        "name": source.rpartition("/")[2],
        "content_type": "application/pdf",
        "sha256": "0",
        "size": 1,
        "pages": 1,
        "provider": "local",
        "model": None,
        "values": {name: each.get("value") for name, each in kept.items()},
        "fields": kept,
        "missing": [name for name, each in found.items() if each is None],
        "missing_required": [],
        "warnings": [],
        "schema_outline": OUTLINE,
        "whole": None,
    }


def batch(ledger, results: dict[str, dict | None], id: str = "b1", tenant: str = "") -> str:
    """A batch of extractions that have ended so; None is one that failed."""
    now = ledger.documents.now()
    runs = [
        Run(
            id=f"{id}-{number}",
            job="extraction",
            queue="extract-tasks",
            params=json.dumps({"source": source, "schema": "invoice"}),
            created=now,
            due=now,
            ended=now,
            state=State.SUCCEEDED if found else State.FAILED,
            result=json.dumps(found) if found else None,
            batch=id,
            tenant=tenant,
        )
        for number, (source, found) in enumerate(results.items())
    ]
    Batches(ledger.runs).begin(Batch(id=id, total=len(runs), created=now, tenant=tenant))
    for _ in ledger.runs.submit_many(runs):
        pass
    return id


@pytest.fixture
def tables(ledger):
    """Has tables written; returns what each file holds, by name."""

    def tables(results, *, tenant="", **params) -> dict[str, bytes]:
        params = {"batch": batch(ledger, results, tenant=tenant), **params}
        run = ledger.perform("extraction-table", params, tenant=tenant)
        found = ledger.result(run)
        return {
            file["name"]: ledger.blobs.read(ledger.blobs.path(file["uri"]))
            for file in found["files"]
        }

    return tables


def rows(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def sheets(content: bytes) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [tuple(row) for row in sheet.values] for sheet in book}


def test_all_formats_say_the_same_in_the_order_of_the_sources(tables):
    found = tables(
        {
            "in/b.pdf": result("in/b.pdf", "INV-2", day=None),
            "in/c.pdf": None,
            "in/a.pdf": result("in/a.pdf", items=("x", "y")),
        }
    )
    assert sorted(found) == [
        "documents.csv",
        "documents.json",
        "documents.xlsx",
        "failed.csv",
        "items.csv",
    ]
    a, b = rows(found["documents.csv"])
    assert (a["document"], a["number"], a["day"]) == ("a.pdf", "INV-1", "2026-03-01")
    assert (a["total"], a["total_currency"], a["count"]) == ("1234.5", "EUR", "3")
    assert (b["document"], b["day"], b["missing"]) == ("b.pdf", "", "day")
    items = [(row["document"], row["row"], row["what"]) for row in rows(found["items.csv"])]
    assert items == [("a.pdf", "1", "x"), ("a.pdf", "2", "y"), ("b.pdf", "1", "thing")]
    assert [row["source"] for row in rows(found["failed.csv"])] == ["in/c.pdf"]
    told = json.loads(found["documents.json"])
    assert [each["source"] for each in told] == ["in/a.pdf", "in/b.pdf", "in/c.pdf"]
    assert told[0]["fields"]["total"]["confidence"] == 0.9
    assert (told[2]["state"], told[2]["error"]) == ("failed", "no result")


def test_a_workbook_has_dates_as_dates_and_numbers_as_numbers(tables):
    found = sheets(tables({"a.pdf": result("a.pdf"), "b.pdf": None})["documents.xlsx"])
    assert list(found) == ["documents", "items", "failed"]
    header, line = found["documents"]
    typed = dict(zip(header, line, strict=True))
    assert typed["day"] == datetime(2026, 3, 1)  # noqa: DTZ001 - a day has no zone
    assert (typed["total"], typed["total_currency"]) == (1234.5, "EUR")
    assert (typed["count"], typed["paid"]) == (3, True)


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_a_document_becomes_a_formula(tables, evil):
    found = tables({evil: result(evil, number=evil, items=(evil,))})
    (line,) = rows(found["documents.csv"])
    assert line["number"] == f"'{evil}"
    assert line["source"] == f"'{evil}"
    assert rows(found["items.csv"])[0]["what"] == f"'{evil}"
    book = openpyxl.load_workbook(io.BytesIO(found["documents.xlsx"]))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    texts = {cell.value for sheet in book for row in sheet for cell in row}
    assert evil in texts


def test_numbers_below_zero_stay_numbers():
    assert harmless(-5) == -5
    assert harmless("-5") == "'-5"
    assert harmless("a=b") == "a=b"


@pytest.mark.parametrize("excel", [True, False])
def test_a_mark_for_excel_is_written_where_it_is_asked_for(tables, excel):
    found = tables({"a.pdf": result("a.pdf", number="Grüße")}, formats=["csv"], excel=excel)
    assert found["documents.csv"].startswith(b"\xef\xbb\xbf") is excel
    assert rows(found["documents.csv"])[0]["number"] == "Grüße"
    assert set(found) == {"documents.csv", "items.csv"}


def test_confidences_stand_beside_their_values_where_they_are_asked_for(tables):
    found = tables({"a.pdf": result("a.pdf")}, formats=["csv", "xlsx"], confidences=True)
    (line,) = rows(found["documents.csv"])
    assert (line["total_confidence"], line["number_confidence"]) == ("0.9", "0.9")
    assert rows(found["items.csv"])[0]["what_confidence"] == "0.9"


def test_columns_of_all_schemas_are_there_and_each_name_once(tables):
    other = result("b.pdf")
    other["schema_outline"] = {
        "name": "other",
        "fields": [
            {"name": "source", "type": "text"},
            {"name": "total_currency", "type": "text"},
            {"name": "number", "type": "integer"},
            {"name": "failed", "type": "rows", "fields": [{"name": "row", "type": "text"}]},
            {"name": "history", "type": "rows", "fields": [{"name": "row", "type": "text"}]},
        ],
    }
    other["fields"] = {"source": cell("a book"), "number": cell(7)}
    found = tables({"a.pdf": result("a.pdf"), "b.pdf": other, "c.pdf": None})
    header = found["documents.csv"].decode().splitlines()[0].split(",")
    assert len({name.lower() for name in header}) == len(header)
    b = rows(found["documents.csv"])[1]
    assert (b["source"], b["source_2"], b["number"]) == ("b.pdf", "a book", "7")
    names = ["documents", "items", "failed_2", "history_3", "failed"]
    assert list(sheets(found["documents.xlsx"])) == names  # Excel keeps "history" for itself


STRANGE = [
    ("paid", "a\x0bb\x1f\ufffe", "ab"),
    ("paid", "x" * 40_000, "x" * 32_767),
    ("count", 12345678901234567, "12345678901234567"),
    ("day", "1066-10-14", "1066-10-14"),
    ("paid", "#N/A", "#N/A"),
]


@pytest.mark.parametrize(("field", "value", "shown"), STRANGE)
def test_what_a_workbook_cannot_hold_is_written_as_it_can(tables, field, value, shown):
    found = tables({"a.pdf": result("a.pdf", **{field: cell(value)})}, formats=["xlsx"])
    header, line = sheets(found["documents.xlsx"])["documents"]
    assert dict(zip(header, line, strict=True))[field] == shown


def test_a_result_that_is_in_a_file_is_whole_in_the_tables(ledger, tables):
    whole = result("a.pdf", items=[f"thing {number}" for number in range(50)])
    uri = ledger.blobs.write("runs/r/1/extraction.json", json.dumps(whole).encode()).uri
    short = {**whole, "fields": {**whole["fields"], "items": {"confidence": 0.5}}, "whole": uri}
    assert len(rows(tables({"a.pdf": short})["items.csv"])) == 50


def test_lines_that_a_workbook_has_no_room_for_are_told_of(ledger, monkeypatch):
    monkeypatch.setattr(xlsx_file, "_LINES", 3)
    found = {"a.pdf": result("a.pdf", items=["one", "two", "three"])}
    told = ledger.result(ledger.perform("extraction-table", {"batch": batch(ledger, found)}))
    (said,) = told["left_out"]
    assert "no room for 1 lines of items" in said


def test_files_larger_than_there_is_memory_for_are_refused_in_time(ledger, monkeypatch):
    monkeypatch.setattr(module, "_OFTEN", 1)
    monkeypatch.setattr(module, "_ROOM", 20_000)
    found = {f"{number}.pdf": result(f"{number}.pdf") for number in range(100)}
    run = ledger.perform("extraction-table", {"batch": batch(ledger, found)})
    assert (run.state, run.error.type) == (State.FAILED, "TooMuch")
    assert run.error.message.startswith("What is written of all documents")


def test_an_attempt_after_another_changes_nothing(ledger):
    params = {"batch": batch(ledger, {"a.pdf": result("a.pdf")}), "destination": "out"}
    first = ledger.result(ledger.perform("extraction-table", params))
    before = {blob.path: blob.etag for blob in ledger.blobs.list()}
    run = ledger.runs.list({"job": "extraction-table"}, limit=1)[0]
    ledger.documents.update(
        "runs", run.id, lambda _: {"state": "pending", "place": "ready", "ended": None}
    )
    assert ledger.result(ledger.attempt(run.id)) == first
    assert {blob.path: blob.etag for blob in ledger.blobs.list()} == before


def test_a_destination_gets_the_tables_by_names_that_belong_together_and_keeps_what_it_has(ledger):
    ledger.blobs.write("out/documents.csv", b"somebody else's")
    params = {"batch": batch(ledger, {"a.pdf": result("a.pdf")}), "destination": "out"}
    found = ledger.result(ledger.perform("extraction-table", params))
    names = [file["name"] for file in found["files"]]
    assert names == [
        "documents-b1.csv",
        "items-b1.csv",
        "documents-b1.xlsx",
        "documents-b1.json",
    ]
    assert ledger.blobs.read("out/documents.csv") == b"somebody else's"
    listed = ledger.blobs.read(ledger.blobs.path(found["manifest"])).decode().splitlines()
    assert [json.loads(line)["uri"] for line in listed] == [f["uri"] for f in found["files"]]


def test_tables_go_nowhere_that_a_tenant_may_not_write(ledger):
    params = {"batch": batch(ledger, {"a.pdf": result("a.pdf")}, tenant="a")}
    for destination in ("tenants/b/out", "runs/r/out", "out", "/tmp/out"):
        run = ledger.perform("extraction-table", {**params, "destination": destination}, tenant="a")
        assert (run.state, run.error.type) == (State.FAILED, "OutOfReach"), destination


def test_another_tenants_batch_is_none(ledger):
    params = {"batch": batch(ledger, {"a.pdf": result("a.pdf")}, tenant="b")}
    run = ledger.perform("extraction-table", params, tenant="a")
    assert run.state is State.FAILED
    assert "no extraction in batch" in run.error.message


def test_a_batch_that_goes_on_is_waited_for(ledger):
    id = batch(ledger, {"a.pdf": result("a.pdf")})
    ledger.documents.update("runs", f"{id}-0", lambda _: {"state": "running", "ended": None})
    run = ledger.perform("extraction-table", {"batch": id})
    assert run.state is State.PENDING
    assert "has not ended" in run.attempts[-1].error.message


def test_three_times_the_results_take_no_more_memory(ledger):
    items = [f"thing {number}" for number in range(2)]
    peaks = []
    for count in (350, 1_050):
        found = {f"{n:05}.pdf": result(f"{n:05}.pdf", items=items) for n in range(count)}
        id = batch(ledger, found, id=f"b{count}")
        tracemalloc.start()
        try:
            run = ledger.perform("extraction-table", {"batch": id, "formats": ["csv", "json"]})
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert ledger.result(run)["rows"] == count
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize("lost", [False, True])
def test_a_crash_at_any_write_doubles_and_loses_nothing(ledger, monkeypatch, lost):
    """Before the write, or after it with its answer lost; the next attempt ends what was begun."""
    write = ledger.blobs.write
    found = {"a.pdf": result("a.pdf"), "b.pdf": None}
    names = ["documents.csv", "items.csv", "failed.csv", "documents.xlsx", "documents.json"]
    for crash in range(1, 2 * len(names) + 2):
        left = [crash]

        def crashing(*given, left=left, **options):
            left[0] -= 1
            if left[0] == 0 and not lost:
                raise ConnectionError
            blob = write(*given, **options)
            if left[0] == 0:
                raise ConnectionError
            return blob

        monkeypatch.setattr(ledger.blobs, "write", crashing)
        params = {"batch": batch(ledger, found, id=f"b{crash}"), "destination": f"out{crash}"}
        run = ledger.perform("extraction-table", params)
        assert run.attempts[-1].error.type == "ConnectionError", crash
        ledger.documents.update("runs", run.id, lambda _: {"due": ledger.documents.now()})
        told = ledger.result(ledger.attempt(run.id))
        assert [file["name"] for file in told["files"]] == names
        there = [blob.path for blob in ledger.blobs.list(f"out{crash}/")]
        assert there == sorted(f"out{crash}/{name}" for name in names)
        for file in told["files"]:
            content = ledger.blobs.read(ledger.blobs.path(file["uri"]))
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
