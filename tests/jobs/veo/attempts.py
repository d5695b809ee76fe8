"""Attempts at one run, on a ledger of their own, in time that only sleeping moves."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

from common.blobs import open_blobs
from common.clock import SYSTEM
from common.documents import open_documents
from common.errors import RunjobsError
from common.ids import random_id
from common.runs import Run, Runs, Worker
from common.runtime import Context
from common.runtime.children import Children
from common.runtime.failures import failure
from common.runtime.lease import Lease
from common.runtime.log import Log
from common.runtime.stopping import Stopper
from jobs.video_generation.params import VideoParams
from jobs.video_generation.veo import Veo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from common.blobs import Blobs
    from common.runs import Progress
    from tests.time import FakeTime

PARAMS = VideoParams(prompt="A cat on a bicycle", duration=4, provider="veo")


class Killed(BaseException):
    """The process ends here, and does nothing more."""


class Paced(Context):
    """A context whose sleeps take no time but move the clock, if the clock can be moved."""

    time: FakeTime | None = None

    def sleep(self, seconds: float) -> None:
        self.check()
        if self.time is None:
            super().sleep(seconds)
        else:
            self.time.sleep(seconds)


class Attempts:
    """One run, tried as often as asked, as the entrypoint would try it."""

    def __init__(
        self,
        folder: Path,
        vertex: str,
        *,
        time: FakeTime | None,
        blobs: Blobs | None = None,
        timeout: float = 1200,
        **env: str,
    ) -> None:
        self.time, self.timeout = time, timeout
        clock = time.clock if time else SYSTEM
        self.documents = open_documents(f"sqlite:///{folder}/documents.sqlite3", clock=clock)
        self.runs = Runs(self.documents)
        self.blobs = blobs or open_blobs(f"file://{folder}/blobs")
        self.veo = Veo.from_env({"GOOGLE_CLOUD_PROJECT": "p", "VEO_BASE_URL": vertex, **env})
        self.said: list[Progress] = []
        self.id = random_id()
        self._tried = 0

    @property
    def run(self) -> Run:
        return self.runs.get(self.id)

    @property
    def checkpoint(self) -> str | None:
        return self.run.checkpoint

    def attempt(self, params: VideoParams = PARAMS) -> bytes:
        """One attempt, whose error is raised again; returns the video.

        If the attempt before was killed, this one takes over, as when Cloud Run tries a task again.
        """
        with self.context() as context:
            try:
                return self.veo.generate(params, context).read_bytes()
            except RunjobsError as error:
                found = failure(error)
                retry_in = timedelta(0) if found.retryable else None
                context._lease.fail(found, retry_in)
                raise

    @contextmanager
    def context(self) -> Iterator[Context]:
        run = self.runs.begin(self._new(), self._worker())
        context = Paced(
            services=SimpleNamespace(documents=self.documents, blobs=self.blobs),
            lease=Lease(self.runs, run),
            stopper=Stopper(lambda _: None),
            heartbeat=SimpleNamespace(say=self.said.append),
            children=Children(),
            log=Log(),
            deadline=self.documents.now() + timedelta(seconds=self.timeout),
        )
        context.time = self.time
        context._clock = self.time.clock if self.time else SYSTEM
        try:
            yield context
        finally:
            context.clean()

    def replay(self) -> None:
        """What a person does with the dead letter."""
        self.runs.replay(self.id)

    def close(self) -> None:
        self.documents.close()

    def _new(self) -> Run:
        now = self.documents.now()
        return Run(
            id=self.id,
            job="video-generation",
            queue="video-jobs-queue",
            params="{}",
            created=now,
            due=now,
            max_attempts=100,
        )

    def _worker(self) -> Worker:
        self._tried += 1
        return Worker(execution=None, name="x", task=0, task_attempt=self._tried)
