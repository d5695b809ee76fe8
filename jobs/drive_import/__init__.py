"""drive-import: files of a user's Google Drive, as blobs and a list of them."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.drive_import.params import DriveImport, Imported

__all__ = ["DriveImport", "Imported", "drive_import"]


@job(
    "drive-import",
    queue="io-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
    secrets=("ENCRYPTION_KEY", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    needs=("cryptography (google)", "google.auth (google)", "requests (google)"),
)
def drive_import(params: DriveImport, run: Context) -> Imported:
    """Import files of a user's Google Drive."""
    from jobs.drive_import.produce import produce

    return produce(params, run)
