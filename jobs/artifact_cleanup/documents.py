"""Artifacts that documents tell of: those that have expired, and those whose blobs are gone."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from common.blobs import Blobs
from common.data import Malformed
from common.data.artifacts import ARTIFACTS, Artifact, artifact_of
from common.documents import Document, Query, Update
from common.documents.query import Filter
from common.maintenance import Change, Upkeep, removal
from common.maintenance.folders import contents
from common.maintenance.standing import why_needed
from common.runtime import Context
from common.words import several
from jobs.artifact_cleanup.params import ArtifactCleanup

__all__ = ["Kept", "removal_counts"]


class Kept:
    """What is done about each that is kept."""

    def __init__(self, upkeep: Upkeep, run: Context, params: ArtifactCleanup) -> None:
        self._upkeep, self._run = upkeep, run
        self._grace = upkeep.as_of - timedelta(days=params.grace_days)

    @property
    def expired(self) -> Query:
        """Those whose time is over."""
        return self._kept(("expires", "<=", self._upkeep.as_of))

    @property
    def others(self) -> Query:
        """Those whose time is not."""
        return self._kept(("expires", ">", self._upkeep.as_of))

    def take(self, document: Document) -> Change | None:
        """Have it removed; what is in its folder is counted while it is there."""
        artifact = artifact_of(document)
        if artifact.state != "kept" or artifact.expires > self._upkeep.as_of:
            return None
        if why_needed(self._run.documents, artifact.run):
            self._upkeep.note(needed_count=1)
            return None
        found = contents(self._run.blobs, artifact.folder)
        data = {"state": "removing", "files": found.files, "bytes": found.bytes}
        return Change(
            writes=(Update(ARTIFACTS, artifact.id, data, artifact.version),),
            counts=removal_counts(found.files, found.bytes) if self._upkeep.dry_run else {},
            line=f"Remove {ARTIFACTS}/{artifact.id}, expired {artifact.expires:%F}, and "
            f"{several(found.files, 'file')} below {artifact.folder}.",
        )

    def remove_lost(self) -> None:
        """Remove the documents of `others` that `find_lost` has found."""
        if self._upkeep.noted("lost"):
            self._upkeep.sweep(self.others, self._miss, stage="lost")

    def find_lost(self) -> None:
        """Count the documents whose blobs are gone: of all of them, where it is the blob store that
        is not the one that it was. Raises TooMany."""
        self._upkeep.sweep(self.others, self._look, stage="others")
        lost = self._upkeep.noted("lost") * self._run.part.count  # of this task's share
        self._upkeep.guard(lost, of=Query(ARTIFACTS), what="documents without blobs")

    def _look(self, document: Document) -> None:
        if self._is_lost(artifact_of(document)):
            self._upkeep.note(lost=1)

    def _miss(self, document: Document) -> Change | None:
        with suppress(Malformed):  # that was counted when it was looked at
            if self._is_lost(artifact_of(document)):
                return removal(document, "whose blobs are gone", count="orphan_document_count")
        return None

    def _is_lost(self, artifact: Artifact) -> bool:
        """Whether its blobs are gone, and it is not just being made."""
        if artifact.state != "kept" or artifact.created > self._grace:
            return False
        is_there = _is_there(self._run.blobs, artifact)
        return not (is_there or why_needed(self._run.documents, artifact.run))

    def _kept(self, when: Filter) -> Query:
        return Query(ARTIFACTS, where=(("state", "==", "kept"), when), order=("expires",))


def removal_counts(files: int, size: int) -> dict[str, int]:
    """What an artifact counts for whose folder had so many files."""
    if not files:
        return {"orphan_document_count": 1}
    return {"removed_count": 1, "file_count": files, "byte_count": size}


def _is_there(blobs: Blobs, artifact: Artifact) -> bool:
    """To look for one blob is cheaper than to list."""
    if artifact.manifest and blobs.stat(artifact.manifest) is not None:
        return True
    return next(blobs.list(f"{artifact.folder}/"), None) is not None
