"""An application with its users' data, of which the upkeep is tried."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from common.data.artifacts import ARTIFACTS, artifact_data, artifact_id
from common.data.extraction_jobs import EXTRACTION_JOBS, extraction_job_data
from common.data.usage import USAGE_COUNTERS, counter_data, counter_id
from common.documents import Create, Documents, Query
from common.ids import random_id
from common.runs import Run
from common.runs.records import evolve
from common.runtime.discover import find_job
from common.runtime.submission import new_run
from tests.jobs.extraction.ledger import Ledger
from tests.time import FakeTime

__all__ = ["COLLECTIONS", "Shop"]

COLLECTIONS = (
    USAGE_COUNTERS,
    EXTRACTION_JOBS,
    ARTIFACTS,
    "users",
    "creations",
    "maintenance",
    "tallies",
    "batches",
)


class Shop(Ledger):
    """Its stores, whose time is the test's, and what performs its runs."""

    def __init__(self, documents: Documents, folder: Path, time: FakeTime) -> None:
        super().__init__(documents, folder.as_uri())
        self.folder, self.time = folder, time

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> str:
        self.documents.commit([Create(collection, id, data)])
        return id

    def counter(self, name: str, end: datetime, **others: Any) -> str:
        """A usage counter of a period that ended then."""
        period = f"{end - timedelta(days=30):%F}"
        data = counter_data(
            tenant="acme", user=name, metric="pages", period=period, period_end=end, used=1
        )
        return self.create(
            USAGE_COUNTERS, counter_id("acme", name, "pages", period), {**data, **others}
        )

    def job(self, id: str, *, days: float, files: int = 0, **others: Any) -> str:
        """An extraction job that was set up so many days ago, and its files."""
        folder = f"tenants/acme/uploads/{id}"
        data = extraction_job_data(
            tenant="acme", user="ann", created=self.ago(days), folder=folder if files else None
        )
        self.create(EXTRACTION_JOBS, id, {**data, **others})
        self.files(folder, files, days=days)
        return id

    def artifact(self, run: str, /, *, days: float, files: int = 1, **others: Any) -> str:
        """An artifact that was made so many days ago, by a run that is not known any more."""
        data = artifact_data(
            tenant="acme",
            run=run,
            folder=f"runs/{run}",
            created=self.ago(days),
            files=files,
            bytes=files,
            manifest=f"runs/{run}/manifest.jsonl",
        )
        self.create(ARTIFACTS, artifact_id(run), {**data, **others})
        self.files(f"runs/{run}", files, days=days)
        return run

    def files(self, folder: str, many: int, *, days: float = 0) -> None:
        """So many blobs of a byte each, written so many days ago."""
        for number in range(many):
            path = f"{folder}/{number}.txt"
            self.blobs.write(path, b"x")
            at = self.ago(days).timestamp()
            os.utime(self.folder / path, (at, at))

    def run(self, job: str, params: Mapping[str, Any] | None = None, **changes: Any) -> Run:
        """A run in the ledger that has not begun."""
        found = find_job(job)
        made = new_run(found, found.validate(params or {}), now=self.documents.now())
        return self.runs.submit(evolve(made, **changes))

    def parts(self, job: str, count: int, params: Mapping[str, Any] | None = None) -> list[Run]:
        """One attempt at each of the runs of the tasks that share a piece of work."""
        whole = random_id()
        ids = [whole, *(random_id() for _ in range(count - 1))]
        runs = [
            self.run(job, params, id=id, part=index, parts=count, whole=whole)
            for index, id in enumerate(ids)
        ]
        return [self.attempt(run.id) for run in runs]

    def ago(self, days: float) -> datetime:
        return self.documents.now() - timedelta(days=days)

    def ids(self, collection: str) -> set[str]:
        return {document.id for document in self.documents.query(Query(collection))}

    def paths(self, prefix: str = "") -> list[str]:
        return [blob.path for blob in self.blobs.list(prefix)]

    def everything(self) -> dict[str, Any]:
        """All documents but the ledger's, with their versions, and all blobs."""
        found = {
            f"{collection}/{document.id}": (document.version, document.data)
            for collection in COLLECTIONS
            for document in self.documents.query(Query(collection))
        }
        return {**found, "blobs": [(blob.path, blob.etag) for blob in self.blobs.list()]}

    def do(self, job: str, **params: Any) -> dict[str, Any]:
        """Perform it, and what came of it."""
        return self.result(self.perform(job, params))
