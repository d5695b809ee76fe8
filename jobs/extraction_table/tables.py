"""From a batch to its tables: gathered, laid out, written, published."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from common.files import TooMuch
from common.words import several
from jobs.extraction_table.gathered import Gathered, gathered
from jobs.extraction_table.layout import Layout
from jobs.extraction_table.lines import lines
from jobs.extraction_table.params import ExtractionTableParams, Failed, Tables
from jobs.extraction_table.publishing import publish
from jobs.extraction_table.results import gather, whole
from jobs.extraction_table.writers import open_writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from common.runtime import Context
    from jobs.extraction_table.writers import Writer

__all__ = ["tables"]

_SHOWN = 20
_OFTEN = 50
"""Documents between two looks at how large the files are."""
_ROOM = 450_000_000
"""Bytes of all files: on Cloud Run the disk is memory, which they share with what was gathered."""


@dataclass(slots=True)
class _Told:
    """What is to be said of the tables."""

    failed: list[Failed] = field(default_factory=list)
    """The first."""
    failed_count: int = 0
    left_out: list[str] = field(default_factory=list)

    def of(self, document: Mapping[str, Any]) -> None:
        """Take note of a document that has no result."""
        if document["result"] is None:
            self.failed_count += 1
            if len(self.failed) < _SHOWN:
                self.failed.append(_failed(document))


def tables(params: ExtractionTableParams, run: Context) -> Tables:
    """Write what was found in the documents of a batch."""
    layout, told = Layout(confidences=params.confidences), _Told()
    run.progress(0.05, "Gathering results")
    with gathered(run.folder / "gathered.sqlite3") as documents:
        gather(params.batch, run, documents, layout)
        files = _written(params, documents, layout, told, run)
    for said in told.left_out:
        run.log.warning(said, action="lines-left-out")
    kept, manifest = publish(files, params.destination, params.batch, run)
    are = several(len(kept), "table is", "tables are")
    run.log.info(f"{are} written.", action="tables-written", batch=params.batch)
    return Tables(
        files=kept,
        manifest=manifest,
        documents=documents.count,
        rows=documents.count - told.failed_count,
        failed=told.failed,
        failed_count=told.failed_count,
        left_out=told.left_out,
    )


def _written(
    params: ExtractionTableParams, documents: Gathered, layout: Layout, told: _Told, run: Context
) -> list[Path]:
    folder = run.folder / "tables"
    folder.mkdir()
    sheets, doing = layout.sheets(), f"Writing {documents.count:,} documents"
    with ExitStack() as ends:
        writers = []
        for each in dict.fromkeys(params.formats):
            writers.append(open_writer(each, folder, sheets, excel=params.excel))
            ends.callback(writers[-1].discard)
        for number, found in enumerate(documents):
            run.check()
            run.progress(0.4 + 0.5 * number / documents.count, doing)
            if number % _OFTEN == 0:
                _check_room(folder)
            document = whole(found, run)
            told.of(document)
            _write(document, layout, writers)
        files = [file for writer in writers for file in writer.close()]
        told.left_out = [said for writer in writers for said in writer.left_out()]
    return files


def _write(document: dict[str, Any], layout: Layout, writers: Sequence[Writer]) -> None:
    for writer in writers:
        writer.document(document)
    for sheet, cells in lines(document, layout):
        for writer in writers:
            writer.line(sheet, cells)


def _check_room(folder: Path) -> None:
    if sum(file.stat().st_size for file in folder.iterdir()) > _ROOM:
        raise TooMuch("What is written of all documents, in all formats together,", _ROOM)


def _failed(document: Mapping[str, Any]) -> Failed:
    return Failed(source=document["source"], state=document["state"], error=document["error"][:500])
