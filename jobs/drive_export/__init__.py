"""drive-export: files to a folder of a user's Google Drive."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.drive_export.params import DriveExport, Exported

__all__ = ["DriveExport", "Exported", "drive_export"]


@job(
    "drive-export",
    queue="io-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
    secrets=("ENCRYPTION_KEY", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    needs=("cryptography (google)", "google.auth (google)", "requests (google)"),
)
def drive_export(params: DriveExport, run: Context) -> Exported:
    """Export files to a user's Google Drive."""
    from jobs.drive_export.produce import produce

    return produce(params, run)
