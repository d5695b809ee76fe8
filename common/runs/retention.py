"""Removing what has been kept for long enough, and what nobody wants any more.

In the cloud Firestore's own time-to-live on `expires` removes what no sweep came to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from common.documents import Conflict, Delete, Document, Query
from common.runs.errors import Refused
from common.runs.ledger import Runs
from common.runs.records import Run, State

if TYPE_CHECKING:
    from common.blobs import Blobs

__all__ = ["Retention"]

_COLLECTIONS = ("runs", "executions", "batches", "limiter_hours", "tallies")
_PAGE = 200


class Retention:
    """Removes documents of a ledger, and the blobs of runs."""

    def __init__(self, runs: Runs, *, blobs: Callable[[], Blobs] | None = None) -> None:
        """Without `blobs` those of the runs that are removed are left."""
        self._runs, self._documents, self._blobs = runs, runs.documents, blobs

    def remove_expired(self) -> int:
        """Remove what has expired; returns how many documents that were."""
        return sum(map(self._remove_expired, _COLLECTIONS))

    def discard(self, id: str) -> Run:
        """Remove a dead letter for good, with all that is known of it. Raises Refused."""
        run = self._runs.get(id)
        if run.state is not State.FAILED:
            raise Refused(f"Run {id} is {run.state}; only a failed one can be discarded.")
        self._documents.commit([Delete("runs", id, run.version)])  # first: it may be replayed
        self._remove_blobs(id)
        return run

    def _remove_expired(self, collection: str) -> int:
        removed = 0
        while True:
            query = Query(
                collection,
                where=(("expires", "<=", self._documents.now()),),
                order=("expires",),
                limit=_PAGE,
            )
            found = self._documents.query(query)
            removed += sum(map(self._remove, found))
            if len(found) < _PAGE:
                return removed

    def _remove(self, document: Document) -> bool:
        """Whether it is gone by this: not where it was replayed, or another removed it."""
        if document.collection == "runs":
            if self._is_changed(document):  # since: a page of blobs takes its time
                return False
            self._remove_blobs(document.id)  # first: without the run nobody knew of them
        try:
            self._documents.commit([Delete(document.collection, document.id, document.version)])
        except Conflict:
            return False
        return True

    def _is_changed(self, document: Document) -> bool:
        found = self._documents.get(document.collection, document.id)
        return found is None or found.version != document.version

    def _remove_blobs(self, id: str) -> None:
        if self._blobs is None:
            return
        blobs = self._blobs()
        blobs.delete([blob.path for blob in blobs.list(f"runs/{id}/")])
