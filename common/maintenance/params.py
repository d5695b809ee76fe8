"""What can be asked of every job that keeps the data in order, and what each of them reports."""

from __future__ import annotations

from pydantic import BaseModel, Field

from common.runtime import Params

__all__ = ["UpkeepParams", "UpkeepReport"]


class UpkeepParams(Params):
    """Base of the params; a job adds its own."""

    dry_run: bool = Field(default=False, description="Only tell what would be done.")
    force: bool = Field(default=False, description="Go on also where far more than usual would go.")


class UpkeepReport(BaseModel):
    """Base of the results; a job adds its counts, named `…_count`."""

    success: bool = True
    """Whether all was done that there was to do; what was left out is counted below."""
    message: str
    """All of it in a sentence."""
    dry_run: bool = False
    """Whether nothing was done: then the counts are of what would have been."""
    malformed_count: int = 0
    """Documents that are not what docs/data.md says, and were left alone."""
    would: list[str] = []
    """In a dry run, the first things that would be done."""
    would_count: int = 0
    """How many there are in all."""
