"""artifact-cleanup: what runs have left in the blob store, once its time is over."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.artifact_cleanup.params import ArtifactCleanup, ArtifactReport

__all__ = ["ArtifactCleanup", "ArtifactReport", "artifact_cleanup"]


@job(
    "artifact-cleanup",
    queue="maintenance-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(hours=1),
    schedule="0 3 * * *",
)
def artifact_cleanup(params: ArtifactCleanup, run: Context) -> ArtifactReport:
    """Remove expired artifacts from blobs and documents, and orphans on either side."""
    from jobs.artifact_cleanup.cleanup import clean_up

    return clean_up(params, run)
