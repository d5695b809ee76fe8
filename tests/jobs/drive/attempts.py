"""Attempts at runs of one job, in this process, on a ledger of their own."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from common.blobs import Blobs
from common.documents import Documents
from common.errors import RunjobsError
from common.files import File, Place, read_manifest
from common.ids import random_id
from common.runs import Run, Runs, Worker
from common.runtime import Context, Job
from common.runtime.children import Children
from common.runtime.failures import failure
from common.runtime.lease import Lease
from common.runtime.log import Log
from common.runtime.stopping import Stopper

TENANT = "t1"
USER = "ann"


class Killed(BaseException):
    """The process ends here, and does nothing more."""


@dataclass
class Attempts:
    """Runs of one job, each tried as often as asked, as the entrypoint would try it."""

    job: Job
    documents: Documents
    blobs: Blobs
    tenant: str = TENANT
    usual: Mapping[str, Any] = field(default_factory=lambda: {"user": USER})
    """Params of every run."""
    said: list[Any] = field(default_factory=list)
    _tasks: Iterator[int] = field(default_factory=itertools.count)

    def run(self, id: str = "", **params: Any) -> Any:
        """One attempt at a new run, or at that one; returns the result, and raises the error."""
        id = id or random_id()
        with self.context(id, {**self.usual, **params}) as context:
            try:
                result = self.job(self.job.validate({**self.usual, **params}), context)
            except RunjobsError as error:
                found = failure(error)
                context._lease.fail(found, timedelta(0) if found.retryable else None)
                raise
            context._lease.succeed(result.model_dump_json())
            return result

    def finish(self, id: str, **params: Any) -> Any:
        """Another attempt at a run whose last one was killed, if it has not ended; the result."""
        run = Runs(self.documents).find(id)
        if run is None or run.result is None:
            return self.run(id, **params)
        return json.loads(run.result, object_hook=lambda found: SimpleNamespace(**found))

    @contextmanager
    def context(self, id: str, params: Mapping[str, Any]) -> Iterator[Context]:
        runs = Runs(self.documents)
        worker = Worker(execution=None, name="x", task=0, task_attempt=next(self._tasks))
        run = runs.begin(self._new(id, params), worker)
        context = Context(
            services=SimpleNamespace(
                documents=self.documents,
                blobs=self.blobs,
                runs=runs,
                settings=SimpleNamespace(in_cloud=False),
            ),
            lease=Lease(runs, run),
            stopper=Stopper(lambda _: None),
            heartbeat=SimpleNamespace(say=self.said.append),
            children=Children(),
            log=Log(),
            deadline=self.documents.now() + self.job.timeout,
        )
        try:
            yield context
        finally:
            context.clean()

    def files(self, result: Any) -> dict[str, File]:
        """What a result's manifest lists, by name."""
        place = Place(self.blobs, self.blobs.path(result.manifest))
        return {file.name: file for file in read_manifest(place)}

    def content(self, file: File) -> bytes:
        return self.blobs.read(self.blobs.path(file.uri))

    def state(self, id: str) -> str:
        return Runs(self.documents).get(id).state

    def _new(self, id: str, params: Mapping[str, Any]) -> Run:
        now = self.documents.now()
        return Run(
            id=id,
            job=self.job.name,
            queue=self.job.queue,
            params=json.dumps(dict(params)),
            created=now,
            due=now,
            max_attempts=100,
            tenant=self.tenant,
        )
