"""noop: does nothing, for measuring what a run costs beside its work."""

from __future__ import annotations

from common.runtime import Context, job


@job("noop", queue="maintenance-tasks")
def noop(_run: Context) -> None:
    """Do nothing: to try a deployment, and to measure what a run costs beside its work."""
