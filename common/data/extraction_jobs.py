"""`extraction_jobs`: what users set up in the application, and then started or did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast, get_args
from urllib.parse import quote

from common.blobs.paths import fault
from common.data.fields import Fields
from common.documents import Document

__all__ = [
    "EXTRACTION_JOBS",
    "ExtractionJob",
    "JobState",
    "extraction_job_data",
    "extraction_job_of",
]

EXTRACTION_JOBS = "extraction_jobs"

JobState = Literal["created", "removing", "started", "done"]
"""`removing`: abandoned-job-cleanup has it, and nobody may start it any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractionJob:
    """One of them as it stood when it was read."""

    id: str
    tenant: str
    user: str
    state: JobState
    created: datetime
    folder: str | None
    """Where its files are in the blob store: below tenants/TENANT/uploads/, or uploads/ID, without
    a slash at the end; None where none were uploaded."""
    started: datetime | None
    batch: str
    """The batch that works at it; empty before it is started."""
    version: str


def extraction_job_of(document: Document) -> ExtractionJob:
    """What a document of the collection says. Raises Malformed, also for a folder of another's."""
    fields = Fields(document)
    tenant = fields.text("tenant", "")
    return ExtractionJob(
        id=document.id,
        tenant=tenant,
        user=fields.text("user", ""),
        state=cast("JobState", fields.word("state", *get_args(JobState))),
        created=fields.time("created"),
        folder=_folder(fields, document.id, tenant),
        started=fields.maybe_time("started"),
        batch=fields.text("batch", ""),
        version=document.version,
    )


def extraction_job_data(
    *, tenant: str, user: str, created: datetime, folder: str | None = None
) -> dict[str, Any]:
    """The document of one that was just set up."""
    data = {"tenant": tenant, "user": user, "state": "created", "created": created}
    return data if folder is None else {**data, "folder": folder}


def _folder(fields: Fields, id: str, tenant: str) -> str | None:
    """Its folder, which must be one that files of this very tenant or job are uploaded to."""
    if (found := fields.text("folder", None)) is None:
        return None
    folder = found.removesuffix("/")
    uploads = f"tenants/{quote(tenant, safe='')}/uploads/"
    is_own = f"{folder}/".startswith(f"uploads/{id}/") or (tenant and folder.startswith(uploads))
    if fault(f"{folder}/x") or not is_own:
        raise fields.malformed("folder", f"below {uploads if tenant else f'uploads/{id}'}")
    return folder
