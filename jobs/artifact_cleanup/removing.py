"""Removing what is to go: blobs first, for without the document nobody knew of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from common.data.artifacts import ARTIFACTS, Artifact, artifact_of
from common.documents import Delete, Document
from common.errors import RunjobsError
from common.maintenance import Change, Upkeep
from common.maintenance.folders import contents, empty
from common.maintenance.standing import is_changed, is_known, why_needed
from common.runtime import Context
from jobs.artifact_cleanup.documents import removal_counts
from jobs.artifact_cleanup.params import ArtifactCleanup

__all__ = ["Removing"]


class Removing:
    """What is done about each that is removing, or an orphan.

    A page of them may take long, and a run may be replayed, or come again by its key, at any time:
    so it is looked again before each lot of blobs that goes.
    """

    def __init__(self, upkeep: Upkeep, run: Context, params: ArtifactCleanup) -> None:
        self._upkeep, self._run = upkeep, run
        self._grace = upkeep.as_of - timedelta(days=params.grace_days)

    def remove(self, document: Document) -> Change | None:
        """Its blobs, and then itself; unless somebody has come to need them."""
        artifact = artifact_of(document)
        if artifact.state == "kept":
            return None
        if artifact.state == "orphan":
            return self._orphan(artifact, document)
        return self._expired(artifact, document)

    def _expired(self, artifact: Artifact, document: Document) -> Change | None:
        try:
            self._empty(artifact, document)
        except _Needed:
            self._upkeep.note(needed_count=1)
            return None
        return _removal(artifact, removal_counts(artifact.files, artifact.bytes))

    def _orphan(self, artifact: Artifact, document: Document) -> Change:
        try:
            self._check_age(artifact)
            self._empty(artifact, document, before=self._grace)
        except _Needed:
            line = f"Forget {ARTIFACTS}/{artifact.id}: run {artifact.run} is there again."
            return _change(artifact, {}, line)
        counts = {"file_count": artifact.files, "byte_count": artifact.bytes}
        return _removal(artifact, {"orphan_folder_count": 1, **counts})

    def _empty(
        self, artifact: Artifact, document: Document, *, before: datetime | None = None
    ) -> None:
        check = partial(self._check, artifact, document)
        check()
        if not self._upkeep.dry_run:
            empty(self._run.blobs, artifact.folder, check=check, before=before)

    def _check(self, artifact: Artifact, document: Document) -> None:
        self._run.check()
        documents = self._run.documents
        needed = is_known if artifact.state == "orphan" else why_needed
        if is_changed(documents, document) or needed(documents, artifact.run):
            raise _Needed(f"Run {artifact.run} needs its files again.")

    def _check_age(self, artifact: Artifact) -> None:
        newest = contents(self._run.blobs, artifact.folder).newest
        if newest and newest > self._grace:
            raise _Needed(f"Somebody writes below {artifact.folder} again.")


class _Needed(RunjobsError):
    """Raised where blobs are not to go any more."""


def _removal(artifact: Artifact, counts: Mapping[str, int]) -> Change:
    line = f"Go on removing {ARTIFACTS}/{artifact.id}, and the files below {artifact.folder}."
    return _change(artifact, counts, line)


def _change(artifact: Artifact, counts: Mapping[str, int], line: str) -> Change:
    return Change(
        writes=(Delete(ARTIFACTS, artifact.id, artifact.version),), counts=counts, line=line
    )
