"""What can be asked of artifact-cleanup, and what comes of it."""

from __future__ import annotations

from pydantic import Field

from common.maintenance import UpkeepParams, UpkeepReport

__all__ = ["ArtifactCleanup", "ArtifactReport"]


class ArtifactCleanup(UpkeepParams):
    """How careful it is with what nobody knows."""

    grace_days: int = Field(
        default=7,
        ge=1,
        le=3_650,
        description="Days for which blobs and documents are left alone that have lost each other.",
    )


class ArtifactReport(UpkeepReport):
    """The result."""

    removed_count: int = 0
    """Artifacts that had expired."""
    orphan_document_count: int = 0
    """Documents whose blobs were gone."""
    orphan_folder_count: int = 0
    """Folders of blobs of runs that nobody knows any more."""
    file_count: int = 0
    """Blobs that went."""
    byte_count: int = 0
    needed_count: int = 0
    """Artifacts that had expired, and were left because their run or its batch goes on."""
