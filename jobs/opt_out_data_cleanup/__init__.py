"""opt-out-data-cleanup: removes all that is kept of users who opted out, and signs for it.

person   a user who opted out so long ago that the days of grace are over
tally    the document of one person's removal: counts, and in the end a signature
waiting  a person of whom something has to stay for now, such as usage that is not charged for yet
"""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.opt_out_data_cleanup.params import OptOutDataCleanup, OptOutReport

__all__ = ["OptOutDataCleanup", "OptOutReport", "opt_out_data_cleanup"]


@job(
    "opt-out-data-cleanup",
    queue="maintenance-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(hours=1),
    schedule="0 4 * * 6",
    secrets=("ENCRYPTION_KEY", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    needs=("cryptography (google)", "google.auth (google)", "requests (google)"),
)
def opt_out_data_cleanup(params: OptOutDataCleanup, run: Context) -> OptOutReport:
    """Remove all data of users who opted out."""
    from jobs.opt_out_data_cleanup.cleaning import clean

    return clean(params, run)
