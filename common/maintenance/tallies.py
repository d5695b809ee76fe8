"""Counts that are exact whatever is killed, for they are written in the commits that they count.

One document can be written only so often, so each run has several of them, and a thread that writes
takes one for the time of a commit. An attempt renews them all before its first commit: what is left
of an earlier one, and does not know yet that the run is not its own any more, meets a conflict.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from queue import SimpleQueue

from common.documents import Conflict, Create, Delete, Document, Documents, Update, Write
from common.errors import RunjobsError

__all__ = ["TALLIES", "Superseded", "Tallies", "Tally"]

TALLIES = "tallies"
_KEEP = timedelta(days=90)
"""Of a run that never ends; one that does removes its own."""


class Superseded(RunjobsError):
    """Raised when a later attempt has taken the run over."""

    def __init__(self, run: str) -> None:
        super().__init__(f"Run {run} is another attempt's by now: this one does nothing more.")


class Tally:
    """One document of counts, as this attempt wrote it last."""

    def __init__(self, documents: Documents, id: str, version: str, counts: Counter[str]) -> None:
        self._documents, self._id, self._version = documents, id, version
        self.counts = counts

    def commit(self, writes: Sequence[Write], counts: Mapping[str, int]) -> None:
        """Do all writes, and count them; or neither. Raises Conflict, Superseded."""
        sums = self.counts + Counter(counts)
        mine = Update(TALLIES, self._id, {"counts": dict(sums)}, self._version)
        try:
            versions = self._documents.commit([mine, *writes])
        except Conflict:
            self._check()
            raise
        self._version, self.counts = versions[0] or "", sums

    def _check(self) -> None:
        found = self._documents.get(TALLIES, self._id)
        if found is None or found.version != self._version:
            raise Superseded(self._id.partition("-")[0])


class Tallies:
    """Those of one run."""

    def __init__(self, documents: Documents, run: str, *, many: int, as_of: datetime) -> None:
        self._documents, self._run, self._expires = documents, run, as_of + _KEEP
        self._ids = [f"{run}-{number}" for number in range(many)]
        self._lock = threading.Lock()
        self._free: SimpleQueue[Tally] = SimpleQueue()
        self._all: list[Tally] | None = None

    @contextmanager
    def one(self) -> Iterator[Tally]:
        """One for a commit, that no other thread has meanwhile."""
        self._renew_once()
        tally = self._free.get()
        try:
            yield tally
        finally:
            self._free.put(tally)

    @property
    def counts(self) -> Counter[str]:
        """What was counted so far, by all attempts."""
        if self._all is not None:
            return sum((tally.counts for tally in self._all), Counter())
        found = [document for document in self._found() if document]
        return sum((Counter(document.data["counts"]) for document in found), Counter())

    def remove(self) -> None:
        """Forget them."""
        if found := [document for document in self._found() if document]:
            self._documents.commit([Delete(TALLIES, each.id, each.version) for each in found])

    def _renew_once(self) -> None:
        with self._lock:
            if self._all is None:
                self._all = self._documents.optimistic(self._renewed)
                for tally in self._all:
                    self._free.put(tally)

    def _renewed(self) -> list[Tally]:
        found = self._found()
        versions = self._documents.commit(
            [self._write(id, each) for id, each in zip(self._ids, found, strict=True)]
        )
        counts = [Counter(each.data["counts"] if each else {}) for each in found]
        return [
            Tally(self._documents, id, version or "", each)
            for id, version, each in zip(self._ids, versions, counts, strict=True)
        ]

    def _write(self, id: str, found: Document | None) -> Write:
        if found is None:
            data = {"run": self._run, "counts": {}, "expires": self._expires}
            return Create(TALLIES, id, data)
        return Update(TALLIES, id, {"expires": self._expires}, found.version)

    def _found(self) -> list[Document | None]:
        return [self._documents.get(TALLIES, id) for id in self._ids]
