"""gmail-import: what is attached to messages of a Gmail account, as files and a list of them."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.gmail_import.params import GmailImport, Imported

__all__ = ["GmailImport", "Imported", "gmail_import"]


@job(
    "gmail-import",
    queue="io-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
    drain=timedelta(minutes=10),  # what an automation imports is a message each: they share one
    secrets=("ENCRYPTION_KEY", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    needs=("cryptography (google)", "google.auth (google)", "requests (google)"),
)
def gmail_import(params: GmailImport, run: Context) -> Imported:
    """Import the attachments of a user's messages."""
    from jobs.gmail_import.produce import produce

    return produce(params, run)
