"""From params to a batch: the files that are documents, a run for each, and what follows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.runtime.discover import find_job
from common.words import several
from jobs.extraction_batch.documents import why_not
from jobs.extraction_batch.listing import listed
from jobs.extraction_batch.params import Begun, Skipped
from jobs.extraction_batch.shared import remembered, shared_schema

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.extraction_batch.params import ExtractionBatchParams

__all__ = ["begin"]

_SHOWN = 20


def begin(params: ExtractionBatchParams, run: Context) -> Begun:
    """Submit an extraction for each document, and the tables after all of them."""
    run.progress(0.1, "Listing documents")
    schema, then = shared_schema(params.schema, run), _tables(params, run)
    found = remembered("documents.json", lambda: _sorted_out(params, run), run)
    documents, skipped = found["documents"], [Skipped(**each) for each in found["skipped"]]
    if not documents:
        count = found["skipped_count"]
        return Begun(batch="", documents=0, skipped=skipped, skipped_count=count)
    run.progress(0.5, f"Submitting {len(documents):,} documents")
    batch = run.submit_many(
        "extraction",
        [{**each, "schema": schema, "provider": params.provider} for each in documents],
        key="documents",
        then=then,
        within=True,
    )
    are = several(len(documents), "document is", "documents are")
    run.log.info(f"{are} batch {batch}.", action="batch-begun", batch=batch)
    return Begun(
        batch=batch, documents=len(documents), skipped=skipped, skipped_count=found["skipped_count"]
    )


def _sorted_out(params: ExtractionBatchParams, run: Context) -> dict[str, Any]:
    """Each document as extraction is given it; and what is none, and why."""
    documents: list[dict[str, str]] = []
    skipped: list[dict[str, str]] = []
    for found in listed(params, run):
        if reason := why_not(found):
            skipped.append({"name": (found.name or found.source)[:300], "reason": reason})
            continue
        documents.append({"source": found.source, "name": found.name[:1_000]})
        if len(documents) > params.most:
            raise InvalidInput(
                f"There are more than {params.most:,} documents: raise --most, or name fewer."
            )
    for each in skipped[:_SHOWN]:
        run.log.warning(f"{each['name']} is skipped: {each['reason']}.", action="file-skipped")
    if not documents and not params.may_be_empty:
        raise InvalidInput(_no_document(params, len(skipped)))
    return {"documents": documents, "skipped": skipped[:_SHOWN], "skipped_count": len(skipped)}


def _no_document(params: ExtractionBatchParams, skipped: int) -> str:
    """Why there is nothing to do. Sources that are named one by one are never skipped."""
    where = " or ".join(filter(None, (params.manifest, params.folder)))
    files = "the only file" if skipped == 1 else f"each of {skipped:,} files"
    why = f"{files} is skipped" if skipped else "no file is there"
    return f"There is no document in {where}: {why}."


def _tables(params: ExtractionBatchParams, run: Context) -> Any:
    """What follows the batch; and what follows that, if the tables are to go on."""
    table = run.then(
        "extraction-table",
        {
            "batch": "{batch}",
            "destination": params.destination,
            "formats": params.formats,
            "excel": params.excel,
            "confidences": params.confidences,
        },
    )
    if params.then_export is None:
        return table
    export = {**params.then_export, "manifest": "{result.manifest}"}
    # Where the list of tables will be is not known, so else nobody would look at the others yet.
    find_job("drive-export").validate({**export, "manifest": "known later"})
    return replace(table, then=run.then("drive-export", export))
