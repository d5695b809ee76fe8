"""From a batch to its tables: gathered, laid out, written, published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobs.extraction_table.gathered import Gathered, gathered
from jobs.extraction_table.layout import Layout
from jobs.extraction_table.lines import lines
from jobs.extraction_table.params import ExtractionTableParams, Failed, Tables
from jobs.extraction_table.publishing import publish
from jobs.extraction_table.results import gather, whole
from jobs.extraction_table.writers import open_writer

if TYPE_CHECKING:
    from pathlib import Path

    from common.runtime import Context

__all__ = ["tables"]

_SHOWN = 20


def tables(params: ExtractionTableParams, run: Context) -> Tables:
    """Write what was found in the documents of a batch."""
    layout = Layout(confidences=params.confidences)
    run.progress(0.05, "Gathering results")
    with gathered(run.folder / "gathered.sqlite3") as documents:
        gather(params.batch, run, documents, layout)
        run.progress(0.4, f"Writing {documents.count:,} documents")
        failed: list[Failed] = []
        files = _written(params, documents, layout, failed, run)
    kept, manifest = publish(files, params.destination, params.batch, run)
    run.log.info(f"{len(kept)} tables are written.", action="tables-written", batch=params.batch)
    return Tables(
        files=kept,
        manifest=manifest,
        documents=documents.count,
        rows=documents.count - len(failed),
        failed=failed[:_SHOWN],
        failed_count=len(failed),
    )


def _written(
    params: ExtractionTableParams,
    documents: Gathered,
    layout: Layout,
    failed: list[Failed],
    run: Context,
) -> list[Path]:
    folder = run.folder / "tables"
    folder.mkdir()
    sheets = layout.sheets()
    formats = dict.fromkeys(params.formats)
    writers = [open_writer(each, folder, sheets, excel=params.excel) for each in formats]
    for number, found in enumerate(documents, start=1):
        run.progress(0.4 + 0.5 * number / documents.count, f"Writing {documents.count:,} documents")
        document = whole(found, run)
        if document["result"] is None:
            failed.append(_failed(document))
        for writer in writers:
            writer.document(document)
        for sheet, cells in lines(document, layout):
            for writer in writers:
                writer.line(sheet, cells)
    return [file for writer in writers for file in writer.close()]


def _failed(document: dict[str, Any]) -> Failed:
    return Failed(source=document["source"], state=document["state"], error=document["error"][:500])
