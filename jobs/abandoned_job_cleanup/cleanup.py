"""From a job that nobody started to nothing: it is taken, its files go, and then its document.

created ──► removing    by an update that holds only while the document is as it was read: whoever
                        starts the job by such an update, too, either comes first or not at all
removing ──► files go, and then the document; what is cut off here, the next attempt goes on with
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from common.data.extraction_jobs import EXTRACTION_JOBS, extraction_job_of
from common.documents import Delete, Document, Query, Update
from common.maintenance import Change, Upkeep
from common.maintenance.folders import contents, empty
from common.maintenance.standing import is_changed
from common.runtime import Context
from common.words import several
from jobs.abandoned_job_cleanup.params import AbandonedJobCleanup, AbandonedJobReport
from jobs.abandoned_job_cleanup.sharing import sharer

__all__ = ["clean_up"]


def clean_up(params: AbandonedJobCleanup, run: Context) -> AbandonedJobReport:
    """Remove them, or tell which would be."""
    with Upkeep(run, params) as upkeep:
        cleanup = Cleanup(upkeep, run, params)
        upkeep.guard(cleanup.abandoned, of=Query(EXTRACTION_JOBS), what="extraction jobs")
        upkeep.sweep(cleanup.abandoned, cleanup.take, stage="created")
        upkeep.sweep(cleanup.taken, cleanup.remove, stage="removing")
        return upkeep.report(AbandonedJobReport, cleanup.sentence)


class Cleanup:
    """What is done about each job."""

    def __init__(self, upkeep: Upkeep, run: Context, params: AbandonedJobCleanup) -> None:
        self._upkeep, self._run, self._params = upkeep, run, params
        self._before = upkeep.as_of - timedelta(days=params.keep_days)

    @property
    def abandoned(self) -> Query:
        """Those that have waited for too long."""
        return Query(
            EXTRACTION_JOBS,
            where=(("state", "==", "created"), ("created", "<", self._before)),
            order=("created",),
        )

    @property
    def taken(self) -> Query:
        """Those that nobody can start any more."""
        return Query(EXTRACTION_JOBS, where=(("state", "==", "removing"),), order=("created",))

    def take(self, document: Document) -> Change | None:
        """Have it, if it still waits; what is in its folder is counted while it is there."""
        job = extraction_job_of(document)
        if job.state != "created" or job.created >= self._before or self._is_shared(document):
            return None
        found = contents(self._run.blobs, job.folder) if job.folder else None
        files, size = (found.files, found.bytes) if found else (0, 0)
        data = {"state": "removing", "files": files, "bytes": size}
        return Change(
            writes=(Update(EXTRACTION_JOBS, job.id, data, job.version),),
            counts=_counts(files, size) if self._upkeep.dry_run else {},
            line=f"Remove {EXTRACTION_JOBS}/{job.id}, of {job.created:%F}, and "
            f"{several(files, 'file')}.",
        )

    def remove(self, document: Document) -> Change | None:
        """Its files go first: without the document nobody knew of them."""
        job = extraction_job_of(document)
        if job.state != "removing" or self._is_shared(document):
            return None
        if is_changed(self._run.documents, document):  # whoever did it should not, but has files
            return None
        if job.folder and not self._upkeep.dry_run:
            empty(self._run.blobs, job.folder, check=self._run.check)
        files, size = document.data.get("files", 0), document.data.get("bytes", 0)
        return Change(
            writes=(Delete(EXTRACTION_JOBS, job.id, job.version),),
            counts=_counts(files, size),
            line=f"Go on removing {EXTRACTION_JOBS}/{job.id}, and {several(files, 'file')}.",
        )

    def sentence(self, counts: Mapping[str, int]) -> str:
        """The report's."""
        jobs, files = several(counts["removed_count"], "job"), several(counts["file_count"], "file")
        return (
            f"Removed {jobs}, not started in {several(self._params.keep_days, 'day')}, and {files}."
        )

    def _is_shared(self, document: Document) -> bool:
        folder = extraction_job_of(document).folder
        other = folder and sharer(self._run.documents, folder, document.id)
        if other:
            self._run.log.warning(
                f"{EXTRACTION_JOBS}/{document.id} is left alone: {other} has files in its folder.",
                action="shared-folder",
            )
            self._upkeep.note(shared_count=1)
        return bool(other)


def _counts(files: int, size: int) -> dict[str, int]:
    return {"removed_count": 1, "file_count": files, "byte_count": size}
