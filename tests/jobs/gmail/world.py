"""Runs against stand-ins: each attempt has a Context of its own, as the entrypoint makes it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cryptography.fernet import Fernet

from common.blobs import open_blobs
from common.documents import Documents, open_documents
from common.files import File, Place, read_manifest
from common.ids import random_id
from common.integrations import Cipher, Integration, Integrations
from common.runs import Run, Runs, Worker
from common.runtime import Context
from common.runtime.children import Children
from common.runtime.declare import Job
from common.runtime.failures import failure
from common.runtime.jsontext import from_json, to_json
from common.runtime.lease import Lease
from common.runtime.log import Log
from common.runtime.stopping import Stop, Stopper
from common.settings import Settings
from tests.services.google import Google
from tests.services.google.gmail import READ, Gmail, Mailbox

KEY = Fernet.generate_key().decode()
ANN = "ann@example.com"


class World:
    """One store, one Google, the users who connected it, and runs of jobs."""

    def __init__(self, folder: Path, url: str, google: Google, gmail: Gmail) -> None:
        self.folder, self.google, self.gmail = folder, google, gmail
        # A loaded machine is none of what is tried here.
        self.documents: Documents = open_documents(url, patience=30.0)
        self.blobs = open_blobs(f"file://{folder}/blobs")
        self.runs = Runs(self.documents)
        self.integrations = Integrations(self.documents, Cipher([KEY]))
        self.looked: list[str] = []
        """Queues that somebody was asked to look at."""
        self._count = itertools.count(1)

    @property
    def environment(self) -> dict[str, str]:
        """For processes that join in."""
        return {
            **self.google.environment,
            "ENCRYPTION_KEY": KEY,
            "RUNJOBS_DOCUMENTS": self.documents.url,
            "RUNJOBS_BLOBS": f"file://{self.folder}/blobs",
        }

    @property
    def mailbox(self) -> Mailbox:
        """Ann's."""
        return self.gmail.mailbox(ANN)

    def connect(
        self,
        account: str = ANN,
        *,
        tenant: str = "t1",
        user: str = "ann",
        history: int | None = None,
    ) -> Integration:
        """Have a user consent; history is known from then on, or from where it is said."""
        secret = self.google.oauth.grant(account, READ)
        made = self.integrations.save(
            tenant=tenant, user=user, secret=secret, account=account, scopes=[READ]
        )
        known = self.gmail.mailbox(account).history_id if history is None else history
        return self.integrations.note(made, watch={"history": str(known)})

    def submit(self, job: Job, *, tenant: str = "t1", **params: Any) -> Run:
        """A run, not yet begun."""
        now = self.documents.now()
        text = to_json(job.validate(params), what="params", limit=100_000)
        return Run(
            id=random_id(),
            job=job.name,
            queue=job.queue,
            params=text,
            created=now,
            due=now,
            tenant=tenant,
            max_attempts=100,
        )

    def attempt(self, job: Job, run: Run) -> Any:
        """One attempt at it, whose error is raised again; returns the result."""
        with self.context(run) as context:
            try:
                result = job(job.validate(from_json(run.params)), context)
            except Stop:
                raise
            except Exception as error:
                found = failure(error)
                context._lease.fail(found, timedelta(0) if found.retryable else None)
                raise
            context._lease.succeed(to_json(result, what="result", limit=256_000))
            return result

    def do(self, job: Job, *, tenant: str = "t1", **params: Any) -> Any:
        """A run with one attempt."""
        return self.attempt(job, self.submit(job, tenant=tenant, **params))

    @contextmanager
    def context(self, run: Run, **more: Any) -> Iterator[Context]:
        worker = Worker(execution=None, name="x", task=0, task_attempt=next(self._count))
        taken = self.runs.begin(run, worker)
        services = SimpleNamespace(
            documents=self.documents,
            blobs=self.blobs,
            runs=self.runs,
            settings=Settings.load({"RUNJOBS_HOME": str(self.folder / "home")}),
            look_at=lambda queue, _at=None: self.looked.append(queue),
        )
        context = Context(
            services=services,
            lease=Lease(self.runs, taken),
            stopper=Stopper(lambda _: None),
            heartbeat=SimpleNamespace(say=lambda _: None),
            children=Children(),
            log=Log(),
            deadline=self.documents.now() + timedelta(seconds=more.get("timeout", 600)),
        )
        try:
            yield context
        finally:
            context.clean()

    def manifest(self, result: Any) -> list[File]:
        """The files of a result."""
        return [*read_manifest(Place(self.blobs, self.blobs.path(result.manifest)))]

    def content(self, file: File) -> bytes:
        return self.blobs.read(self.blobs.path(file.uri))

    def kept(self) -> list[str]:
        """The paths of all files that were imported."""
        return [blob.path for blob in self.blobs.list("tenants/")]

    def children(self, job: str = "run-initializer") -> list[Run]:
        """All runs of a job."""
        found: list[Run] = []
        while page := self.runs.list({"job": job}, limit=100, after=found[-1] if found else None):
            found += page
        return found

    def close(self) -> None:
        self.documents.close()
