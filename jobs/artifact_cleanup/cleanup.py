"""The ways of an artifact: its blobs go first, then its document.

kept ──► removing       it has expired, and nobody is at work with it
kept ──► nothing        its blobs are gone: the ledger removes them with their run
blobs ──► orphan        no document knows them: neither a run's nor an artifact's
removing, orphan ──► blobs go, and then the document; what is cut off, the next attempt goes on with
"""

from __future__ import annotations

from collections.abc import Mapping

from common.data.artifacts import ARTIFACTS
from common.documents import Query
from common.maintenance import Upkeep
from common.runtime import Context
from common.words import several
from jobs.artifact_cleanup.documents import Kept
from jobs.artifact_cleanup.orphans import Orphans
from jobs.artifact_cleanup.params import ArtifactCleanup, ArtifactReport
from jobs.artifact_cleanup.removing import Removing

__all__ = ["clean_up"]


def clean_up(params: ArtifactCleanup, run: Context) -> ArtifactReport:
    """Remove them, or tell which would be."""
    with Upkeep(run, params) as upkeep:
        kept, removing = Kept(upkeep, run, params), Removing(upkeep, run, params)
        upkeep.guard(kept.expired, of=Query(ARTIFACTS), what="artifacts")
        Orphans(upkeep, run, params).find()
        kept.find_lost()
        upkeep.sweep(kept.expired, kept.take, stage="expired")
        kept.remove_lost()
        for state in ("removing", "orphan"):
            going = Query(ARTIFACTS, where=(("state", "==", state),), order=("expires",))
            upkeep.sweep(going, removing.remove, stage=state)
        return upkeep.report(ArtifactReport, _sentence)


def _sentence(counts: Mapping[str, int]) -> str:
    return (
        f"Removed {several(counts['removed_count'], 'artifact')}, "
        f"{several(counts['orphan_document_count'], 'document')} without blobs, "
        f"{several(counts['orphan_folder_count'], 'folder')} without documents and "
        f"{several(counts['file_count'], 'file')}."
    )
