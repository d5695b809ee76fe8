"""What a commit is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.documents.document import Data, check_data, check_id
from common.errors import InvalidInput, RunjobsError

__all__ = ["MAX_WRITES", "Conflict", "Create", "Delete", "Update", "Write", "check_writes"]

MAX_WRITES = 450
"""Writes in one commit; Firestore takes 500."""


class Conflict(RunjobsError):
    """Raised when a commit's condition did not hold; read again and decide.

    Nothing was written, except where an answer was lost and others wrote the same documents
    before it could be asked for again.
    """


@dataclass(frozen=True, slots=True)
class Create:
    """Write a new document; holds only while there is none of this id."""

    collection: str
    id: str
    data: Data


@dataclass(frozen=True, slots=True)
class Update:
    """Set these top-level fields, drop those, keep the others; holds only at this version."""

    collection: str
    id: str
    data: Data
    version: str
    drop: tuple[str, ...] = ()
    """Fields that it shall not have any more, whether it had them or not. A null instead would
    stand in each index of its field."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a document; holds only at this version."""

    collection: str
    id: str
    version: str


Write = Create | Update | Delete


def check_writes(writes: Sequence[Write]) -> None:
    """Refuse, by InvalidInput, what one of the backends could not do or keep."""
    if len(writes) > MAX_WRITES:
        raise InvalidInput(f"{len(writes)} writes are over a commit's limit of {MAX_WRITES}.")
    if len({(write.collection, write.id) for write in writes}) < len(writes):
        raise InvalidInput("A commit writes a document once: put its changes into one write.")
    for write in writes:
        check_id("Document", write.id)
        if not isinstance(write, Delete):
            check_data(write.data)
        if isinstance(write, Update) and not write.data.keys().isdisjoint(write.drop):
            raise InvalidInput(f"{write.collection}/{write.id}: a field is both set and dropped.")
