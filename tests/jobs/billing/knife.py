"""The end of a process at any of its steps: before or after a commit, or a call of Stripe."""

from __future__ import annotations

import threading

from common.documents.base import Documents
from common.documents.sqlite import SqliteDocuments
from jobs.stripe_usage_reconciliation.api import Api

STATE = {"runs", "usage_events", "users", "usage_counters", "tallies", "maintenance"}
"""What the jobs themselves write. Besides, the limiter's permits are no state of theirs."""


class Killed(BaseException):
    """The process ends here, and does nothing more."""


class Knife:
    """Falls at the n-th step. From then on nothing is done any more, in whatever thread."""

    def __init__(self, monkeypatch, at: int, store: type[Documents] = SqliteDocuments) -> None:
        self.left = at
        self.where = ""
        self._lock = threading.Lock()
        monkeypatch.setattr(store, "_commit", self._commit(store._commit))
        for name in ("send", "meters", "sums"):
            monkeypatch.setattr(Api, name, self._call(name, getattr(Api, name)))

    @property
    def fell(self) -> bool:
        return self.left <= 0

    def _commit(self, step):
        def cut(store, writes, token):
            counts = any(write.collection in STATE for write in writes)
            name = " ".join(sorted({write.collection for write in writes}))
            self._count(f"before {name}", counts=counts)
            result = step(store, writes, token)
            self._count(f"after {name}", counts=counts)
            return result

        return cut

    def _call(self, name, step):
        def cut(*args, **options):
            self._count(f"before {name}")
            result = step(*args, **options)
            found = result if result is None else [*result]
            self._count(f"after {name}")
            return found

        return cut

    def _count(self, where: str, *, counts: bool = True) -> None:
        with self._lock:
            if counts and not self.fell:
                self.left -= 1
                self.where = where
            if self.fell:
                raise Killed
