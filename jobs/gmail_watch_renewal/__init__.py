"""gmail-watch-renewal: has Gmail go on telling of messages to those whose automations wait for it.

watch  Gmail's promise to publish what is new in a mailbox to a topic of Pub/Sub, for about a week
"""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.gmail_watch_renewal.params import GmailWatchRenewal, Renewed

__all__ = ["GmailWatchRenewal", "Renewed", "gmail_watch_renewal"]


@job(
    "gmail-watch-renewal",
    queue="maintenance-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(hours=1),
    schedule="45 6 * * *",
    secrets=("ENCRYPTION_KEY", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    needs=("cryptography (google)", "google.auth (google)", "requests (google)"),
)
def gmail_watch_renewal(params: GmailWatchRenewal, run: Context) -> Renewed:
    """Renew the watches on Gmail that end soon."""
    from jobs.gmail_watch_renewal.renewing import renew

    return renew(params, run)
