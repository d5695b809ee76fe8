"""abandoned-job-cleanup: what users set up and never started, with the files that they uploaded."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.abandoned_job_cleanup.params import AbandonedJobCleanup, AbandonedJobReport

__all__ = ["AbandonedJobCleanup", "AbandonedJobReport", "abandoned_job_cleanup"]


@job(
    "abandoned-job-cleanup",
    queue="maintenance-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(hours=1),
    schedule="0 1 * * *",
)
def abandoned_job_cleanup(params: AbandonedJobCleanup, run: Context) -> AbandonedJobReport:
    """Remove extraction jobs that were never started, and their files."""
    from jobs.abandoned_job_cleanup.cleanup import clean_up

    return clean_up(params, run)
