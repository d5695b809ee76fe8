"""A ledger whose runs are performed in this process, one after the other, as tasks would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.blobs import open_blobs
from common.documents import Documents
from common.runs import Batches, Run, State, Worker
from common.runtime.discover import find_job
from common.runtime.jsontext import from_json
from common.runtime.perform import perform
from common.runtime.submission import new_run
from common.services import Services
from common.settings import Settings

__all__ = ["Ledger"]


class Ledger(Services):
    """Documents of any backend, blobs in a folder, and who performs what is submitted."""

    def __init__(self, documents: Documents, blobs: str) -> None:
        super().__init__(Settings.load({}))
        self.__dict__["documents"] = documents
        self.__dict__["blobs"] = open_blobs(blobs)

    def submit(self, job: str, params: Mapping[str, Any], *, tenant: str = "") -> Run:
        found = find_job(job)
        now = self.documents.now()
        return self.runs.submit(new_run(found, found.validate(params), now=now, tenant=tenant))

    def perform(self, job: str, params: Mapping[str, Any], *, tenant: str = "") -> Run:
        """Submit a run, and make one attempt at it."""
        return self.attempt(self.submit(job, params, tenant=tenant).id)

    def attempt(self, id: str) -> Run:
        """Make one attempt at a run."""
        claimed = self.runs.claim(id, Worker(execution=None, name="x"))
        ended = perform(find_job(claimed.job), self, claimed)
        if ended.awaited and ended.batch and ended.state.ended:
            Batches(self.runs).continue_one(ended.batch)
        return ended

    def work(self, *, most: int = 1_000) -> list[Run]:
        """Make attempts at all that is pending and due, and at what comes of it."""
        done: list[Run] = []
        while len(done) < most and (found := self.runs.list({"state": State.PENDING}, limit=1)):
            done.append(self.attempt(found[0].id))
        return done

    @staticmethod
    def result(run: Run) -> Any:
        """What the run returned. Its error is shown where it did not succeed."""
        assert run.state is State.SUCCEEDED, run.error
        return from_json(run.result)
