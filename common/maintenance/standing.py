"""Whether what is to go is still as it was when that was decided, and nobody needs it."""

from __future__ import annotations

from common.documents import Document, Documents
from common.runs import NewerSchema, Runs
from common.runs.members import BATCHES

__all__ = ["is_changed", "is_known", "why_needed"]


def is_changed(documents: Documents, document: Document) -> bool:
    """Whether it was written since it was read; one that is gone was not."""
    found = documents.get(document.collection, document.id)
    return found is not None and found.version != document.version


def is_known(documents: Documents, run: str) -> bool:
    """Whether the ledger has the run: then what it left is the ledger's, and goes with it."""
    return documents.get("runs", run) is not None


def why_needed(documents: Documents, run: str) -> str:
    """Why what a run has left cannot go yet, such as "the run is running"; empty where it can."""
    try:
        found = Runs(documents).find(run)
    except NewerSchema:
        return "a newer runjobs wrote its run"
    if found is None:
        return ""
    if not found.state.ended:
        return f"its run is {found.state}"
    outer = found.root or found.batch
    batch = documents.get(BATCHES, outer) if outer else None
    return f"batch {outer} is not at its end" if batch and batch.data["open"] else ""
