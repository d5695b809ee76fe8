"""What can be asked of abandoned-job-cleanup, and what comes of it."""

from __future__ import annotations

from pydantic import Field

from common.maintenance import UpkeepParams, UpkeepReport

__all__ = ["AbandonedJobCleanup", "AbandonedJobReport"]


class AbandonedJobCleanup(UpkeepParams):
    """How long a job may wait to be started."""

    keep_days: int = Field(default=7, ge=1, le=3_650, description="Days after it was created.")


class AbandonedJobReport(UpkeepReport):
    """The result."""

    removed_count: int = 0
    """Jobs."""
    file_count: int = 0
    """Files that went with them."""
    byte_count: int = 0
    shared_count: int = 0
    """Jobs left alone because others have files in the same folder."""
