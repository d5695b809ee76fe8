"""Blobs of runs that nobody knows any more.

Firestore's time-to-live may have removed a run before a sweep came to its blobs. What is found is
noted in artifacts' documents before anything goes: so a kill loses nothing of what was found.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby, islice

from common.blobs import Blob
from common.data.artifacts import ARTIFACTS, artifact_data, artifact_id
from common.documents import Create, Document, Query
from common.maintenance import Change, Upkeep, several
from common.maintenance.standing import is_known
from common.runtime import Context
from jobs.artifact_cleanup.params import ArtifactCleanup

__all__ = ["Orphans"]

_FIRST = string.digits + string.ascii_lowercase
"""What ids of runs begin with: each is a stage of its own, so that no listing is too long."""
_AT_ONCE = 1_000


class Orphans:
    """What is found below runs/."""

    def __init__(self, upkeep: Upkeep, run: Context, params: ArtifactCleanup) -> None:
        self._upkeep, self._run = upkeep, run
        self._grace = upkeep.as_of - timedelta(days=params.grace_days)

    def find(self) -> None:
        """Note folders of runs that neither the ledger nor an artifact knows. Raises TooMany."""
        for prefix in self._upkeep.stages(f"runs/{first}" for first in _FIRST):
            folders = self._folders(prefix)
            while some := [*islice(folders, _AT_ONCE)]:
                self._upkeep.each(some, self._adopt)
        noted = Query(ARTIFACTS, where=(("state", "==", "orphan"),))
        going = self._upkeep.noted("orphan_folder_count") if self._upkeep.dry_run else noted
        self._upkeep.guard(going, of=self._upkeep.noted("folders"), what="orphaned folders")

    def _folders(self, prefix: str) -> Iterator[Document]:
        """Those that are old enough, each as the document that it would have."""
        for id, found in groupby(self._run.blobs.list(prefix), _run_of):
            blobs = [(blob.size, blob.updated) for blob in found]
            self._upkeep.note(folders=1)
            noted = artifact_id(id)  # by it the share is told, too, in which it is removed
            is_old = max(at for _, at in blobs) <= self._grace
            if not (id and is_old and self._upkeep.is_mine(noted)):
                continue
            data = artifact_data(
                tenant="",
                run=id,
                folder=f"runs/{id}",
                created=self._upkeep.as_of,
                files=len(blobs),
                bytes=sum(size for size, _ in blobs),
                expires=self._upkeep.as_of,
                state="orphan",
            )
            yield Document(ARTIFACTS, noted, data, "", "")

    def _adopt(self, document: Document) -> Change | None:
        run, files, size = (document.data[name] for name in ("run", "files", "bytes"))
        documents = self._run.documents
        if is_known(documents, run) or documents.get(ARTIFACTS, document.id) is not None:
            return None
        counts = {"orphan_folder_count": 1, "file_count": files, "byte_count": size}
        return Change(
            writes=(Create(ARTIFACTS, document.id, document.data),),
            counts=counts if self._upkeep.dry_run else {},
            line=f"Remove {several(files, 'file')} below runs/{run}, of a run that nobody knows.",
        )


def _run_of(blob: Blob) -> str:
    """The run that a blob is of; empty where its path is not of the kind that runs have."""
    _, id, *rest = blob.path.split("/")
    return id if rest and id.isalnum() and id.isascii() else ""
