"""Whether a batch is over: none of its runs, and no batch within it, is going on."""

from __future__ import annotations

from common.documents import Documents, Query
from common.runs.batch import Batch
from common.runs.codec import RUNS
from common.runs.members import inner

__all__ = ["begun_within", "is_over"]


def begun_within(documents: Documents, id: str, *, going_on: bool = False) -> int:
    """How many batches were begun within it, or how many of them are not over.

    Of one that is not, more runs or what follows it may yet come.
    """
    return documents.count(inner(id, going_on=going_on))


def is_over(documents: Documents, batch: Batch) -> bool:
    """An inner one that is not all there is given up, as far as it goes: whoever submits it
    keeps the outer one waiting, and takes it up again by sealing it, unless he has failed."""
    submitted = batch.sealed or batch.within is not None
    return batch.open and submitted and not _is_going_on(documents, batch)


def _is_going_on(documents: Documents, batch: Batch) -> bool:
    """Whether any of its runs, or a batch within it, has not ended."""
    if _has_open_runs(documents, batch.id):
        return True
    if not batch.outer:
        return False
    # A run may have begun a batch, and ended, between two looks: so it is counted how many
    # there are, and after that looked again whether there is any run to begin one.
    begun = begun_within(documents, batch.id)
    return (
        begun_within(documents, batch.id, going_on=True) > 0
        or _has_open_runs(documents, batch.id)
        or begun_within(documents, batch.id) != begun
    )


def _has_open_runs(documents: Documents, id: str) -> bool:
    return bool(documents.query(Query(RUNS, where=(("open_in", "==", id),), limit=1)))
