"""The end of a process at any of its steps: before or after a call, a commit, or a blob's write."""

from __future__ import annotations

import threading
from contextlib import contextmanager

from common.blobs.files import FileBlobs
from common.documents.sqlite import SqliteDocuments
from common.google.calls import Caller
from tests.jobs.drive.attempts import Killed


class Knife:
    """Falls at the n-th step. From then on nothing is done any more, in whatever thread."""

    def __init__(self, monkeypatch, at: int) -> None:
        self.left = at
        self._lock = threading.Lock()
        monkeypatch.setattr(Caller, "open", self._around(Caller.open))
        for owner, name in [(SqliteDocuments, "_commit"), (FileBlobs, "write")]:
            monkeypatch.setattr(owner, name, self._beside(getattr(owner, name)))

    @property
    def fell(self) -> bool:
        return self.left <= 0

    def _around(self, opened):
        @contextmanager
        def cut(*args, **options):
            self._count()
            with opened(*args, **options) as response:
                yield response
            self._count()

        return cut

    def _beside(self, step):
        def cut(*args, **options):
            self._count()
            result = step(*args, **options)
            self._count()
            return result

        return cut

    def _count(self) -> None:
        with self._lock:
            self.left -= 1
            if self.fell:
                raise Killed
