"""The seam to the documents store, where all state lives.

document    named JSON-like data in a collection, with a version that changes at each write
commit      one atomic list of conditional writes: all of them happen, or none
create      a write that holds only while the document does not exist
update      a write of some top-level fields that holds only while the version is still this one
delete      a deletion that holds only while the version is still this one
conflict    a condition of a commit did not hold; nothing was written
token       a random name that each commit leaves in the documents it wrote. When the answer was
            lost, its author finds out by it that it was applied, unless others have by then
            written all of these documents: that looks like a conflict
server time the store's clock, the only one by which a lease may be judged

There are no interactive transactions: on Firestore they queue up behind locks exactly where
writers meet, while conditional commits stay fast, and make SQLite and Firestore alike.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from common.documents.document import Data, Document, as_read, check_id
from common.documents.patience import Patient
from common.documents.query import Query
from common.documents.writes import Conflict, Create, Delete, Update, Write, check_writes
from common.errors import Unavailable

__all__ = ["Documents"]

T = TypeVar("T")


class Documents(Patient, ABC):
    """Documents in collections. Safe to share among threads and among processes.

    Every method raises Unavailable when the store has not answered within `patience` seconds,
    and Misconfigured when it never will.
    """

    write_interval = 5.0
    """Seconds to leave between writes of one document that are not urgent."""
    pace = 1.0
    """Seconds to leave between writes of one document that many processes share."""
    read_interval = 1.0
    """Seconds to leave between looks at a document that may have changed."""

    @property
    @abstractmethod
    def url(self) -> str:
        """What RUNJOBS_DOCUMENTS says to open this store."""

    def get(self, collection: str, id: str) -> Document | None:
        """The document, or None if there is none."""
        check_id("Document", id)
        return self._patiently(lambda: self._get(collection, id))

    def query(self, query: Query) -> list[Document]:
        """The documents that match, in order."""
        return self._patiently(lambda: self._query(query))

    def count(self, query: Query) -> int:
        """How many documents match, of which none is read; limit, order and cursor are ignored."""
        return self._patiently(lambda: self._count(query))

    def now(self) -> datetime:
        """Server time, UTC."""
        return self._patiently(self._now)

    def commit(self, writes: Sequence[Write]) -> list[str | None]:
        """Do all writes or none; returns each document's new version (None where deleted).

        Raises Conflict if a condition did not hold, and InvalidInput for data that a backend
        could not keep. After Unavailable the outcome is unknown: it may yet have been applied.
        """
        return self._commit_as(_token(), writes)

    def optimistic(self, step: Callable[[], T]) -> T:
        """Do a step of reading and committing, again as long as others get in between.

        All that the step asks of this store shares one patience. Raises Unavailable if others
        still get in between when it ends. Where an answer is lost and another commit comes before
        it is asked for again, a step is done again that was applied: it must bear that.
        """
        with self._one_patience():
            for _ in self._tries():
                try:
                    return step()
                except Conflict as error:
                    failure = error
        raise Unavailable(f"Others kept writing the same document: {failure}") from failure

    def update(
        self, collection: str, id: str, change: Callable[[Document | None], Data | None]
    ) -> Document | None:
        """Compare and set: write the fields that `change` makes of the document as it stands.

        `change` gets None where there is no document yet, and may be called several times. Where
        it returns None nothing is written. Returns the document as it stands afterwards.

        `change` must be idempotent, so one that counts may count twice: where an answer is lost and
        another writes the document before it is asked for again, it is applied to its own outcome.
        """
        return self.optimistic(lambda: self._change(collection, id, change))

    def check(self) -> None:
        """Raise what is wrong with the store, if anything, and change nothing."""
        self.get("checks", "reachable")

    def close(self) -> None:
        """Let go of files and connections."""

    def _commit_as(self, token: str, writes: Sequence[Write]) -> list[str | None]:
        check_writes(writes)
        begin = self._clock.monotonic()
        try:
            return self._commit(writes, token)
        except Unavailable as error:
            failure = error
        with self._one_patience(begin):
            return self._commit_again(writes, token, failure)

    def _commit_again(
        self, writes: Sequence[Write], token: str, failure: Unavailable
    ) -> list[str | None]:
        for _ in self._more_tries():
            try:
                return self._commit(writes, token)
            except Unavailable as error:
                failure = error
            except Conflict:
                # The conflict may be with our own first try, whose answer was lost.
                if (versions := self._applied(writes, token)) is not None:
                    return versions
                raise
        raise failure

    def _change(
        self, collection: str, id: str, change: Callable[[Document | None], Data | None]
    ) -> Document | None:
        document = self.get(collection, id)
        data = change(document)
        if data is None:
            return document
        token, old = _token(), {} if document is None else document.data
        (version,) = self._commit_as(
            token,
            [
                Create(collection, id, data)
                if document is None
                else Update(collection, id, data, document.version)
            ],
        )
        return Document(collection, id, {**old, **as_read(data)}, version or token, token)

    def _applied(self, writes: Sequence[Write], token: str) -> list[str | None] | None:
        """The versions that our commit left, or None if it was not applied.

        A commit is atomic, so one document with our token proves all of it. Where another commit
        came after ours the version is unknown, and the token stands for one that never matches.
        """
        found = [self.get(write.collection, write.id) for write in writes]
        if all(isinstance(write, Delete) for write in writes):
            return None if any(found) else [None] * len(found)
        if not any(document and document.token == token for document in found):
            return None
        return [
            None if isinstance(write, Delete) else _version(document, token)
            for write, document in zip(writes, found, strict=True)
        ]

    # What a backend does: one try each, without retries. Unavailable means "ask again".

    @abstractmethod
    def _get(self, collection: str, id: str) -> Document | None: ...

    @abstractmethod
    def _query(self, query: Query) -> list[Document]: ...

    @abstractmethod
    def _count(self, query: Query) -> int: ...

    @abstractmethod
    def _commit(self, writes: Sequence[Write], token: str) -> list[str | None]: ...

    @abstractmethod
    def _now(self) -> datetime: ...


def _token() -> str:
    return os.urandom(16).hex()


def _version(document: Document | None, token: str) -> str:
    return document.version if document and document.token == token else token
