"""Removing what is to go: blobs first, for without the document nobody knew of them."""

from __future__ import annotations

from datetime import timedelta

from common.data.artifacts import ARTIFACTS, Artifact, artifact_of
from common.documents import Delete, Document
from common.maintenance import Change, Upkeep
from common.maintenance.folders import contents, empty
from common.maintenance.standing import is_known, why_needed
from common.runtime import Context
from jobs.artifact_cleanup.documents import removal_counts
from jobs.artifact_cleanup.params import ArtifactCleanup

__all__ = ["Removing"]


class Removing:
    """What is done about each that is removing, or an orphan."""

    def __init__(self, upkeep: Upkeep, run: Context, params: ArtifactCleanup) -> None:
        self._upkeep, self._run = upkeep, run
        self._grace = upkeep.as_of - timedelta(days=params.grace_days)

    def remove(self, document: Document) -> Change | None:
        """Its blobs, and then itself; unless somebody has come to need them."""
        artifact = artifact_of(document)
        if artifact.state == "kept":
            return None
        if artifact.state == "orphan":
            return self._orphan(artifact)
        if why_needed(self._run.documents, artifact.run):
            self._upkeep.note(needed_count=1)
            return None
        return self._gone(artifact, removal_counts(artifact.files, artifact.bytes))

    def _orphan(self, artifact: Artifact) -> Change:
        """A run submitted by a key has the id of the one that was submitted by it before."""
        newest = contents(self._run.blobs, artifact.folder).newest
        if is_known(self._run.documents, artifact.run) or (newest and newest > self._grace):
            line = f"Forget {ARTIFACTS}/{artifact.id}: run {artifact.run} is there again."
            return _change(artifact, {}, line)
        counts = {"file_count": artifact.files, "byte_count": artifact.bytes}
        return self._gone(artifact, {"orphan_folder_count": 1, **counts})

    def _gone(self, artifact: Artifact, counts: dict[str, int]) -> Change:
        if not self._upkeep.dry_run:
            empty(self._run.blobs, artifact.folder, check=self._run.check)
        line = f"Go on removing {ARTIFACTS}/{artifact.id}, and the files below {artifact.folder}."
        return _change(artifact, counts, line)


def _change(artifact: Artifact, counts: dict[str, int], line: str) -> Change:
    return Change(
        writes=(Delete(ARTIFACTS, artifact.id, artifact.version),), counts=counts, line=line
    )
