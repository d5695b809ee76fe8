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
from common.documents import Create, Document
from common.maintenance import Change, Upkeep
from common.maintenance.standing import is_known
from common.runtime import Context, Permanent
from common.words import several
from jobs.artifact_cleanup.params import ArtifactCleanup

__all__ = ["Orphans", "Strangers"]

_FIRST = string.digits + string.ascii_lowercase
"""What ids of runs begin with: each is a stage of its own, so that no listing is too long."""
_AT_ONCE = 1_000


class Strangers(Permanent):
    """Raised where none of the folders is of a run that is known; nothing has gone yet."""

    def __init__(self, run: Context, many: int) -> None:
        super().__init__(
            f"Of {several(many, 'folder')} below runs/ in the blob store none is of a run that "
            f"{run.documents.url} knows: check that RUNJOBS_DOCUMENTS and RUNJOBS_BLOBS belong "
            f"together. If they do, say `runjobs run {run.job} --force`."
        )


class Orphans:
    """What is found below runs/."""

    def __init__(self, upkeep: Upkeep, run: Context, params: ArtifactCleanup) -> None:
        self._upkeep, self._run, self._params = upkeep, run, params
        self._grace = upkeep.as_of - timedelta(days=params.grace_days)

    def find(self) -> None:
        """Note folders of runs that neither the ledger nor an artifact knows. Raises TooMany,
        Strangers."""
        for prefix in self._upkeep.stages(f"runs/{first}" for first in _FIRST):
            folders = self._folders(prefix)
            while some := [*islice(folders, _AT_ONCE)]:
                self._upkeep.each(some, self._adopt)
        self._guard(self._upkeep.noted("orphans"), of=self._upkeep.noted("folders"))

    def _guard(self, orphans: int, *, of: int) -> None:
        tasks = self._run.part.count  # both numbers are of this task's share
        if tasks == 1 and 0 < of <= orphans and not self._params.force:
            error = Strangers(self._run, orphans)
            if not self._upkeep.dry_run:
                raise error
            self._upkeep.tell(f"Stop before anything goes: {error}")
        self._upkeep.guard(orphans * tasks, of=of * tasks, what="orphaned folders")

    def _folders(self, prefix: str) -> Iterator[Document]:
        """Those that are old enough, each as the document that it would have."""
        for id, found in groupby(self._run.blobs.list(prefix), _run_of):
            blobs = [(blob.size, blob.updated) for blob in found]
            noted = artifact_id(id)  # by it the share is told, too, in which it is removed
            if not (id and self._upkeep.is_mine(noted)):
                continue
            self._upkeep.note(folders=1)
            if max(at for _, at in blobs) > self._grace:
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
        if is_known(documents, run):
            return None
        artifact = documents.get(ARTIFACTS, document.id)
        if artifact is None or artifact.data["state"] == "orphan":
            self._upkeep.note(orphans=1)
        if artifact is not None:
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
