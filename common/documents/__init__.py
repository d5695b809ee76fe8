"""The documents store: SQLite on a laptop, Firestore in the cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.documents.base import Documents
from common.documents.document import MAX_BYTES, Data, Document
from common.documents.query import Query
from common.documents.writes import MAX_WRITES, Conflict, Create, Delete, Update, Write
from common.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    # the seam
    "Data",
    "Document",
    "Documents",
    "Query",
    # commits
    "Conflict",
    "Create",
    "Delete",
    "Update",
    "Write",
    "MAX_BYTES",
    "MAX_WRITES",
    # stores
    "open_documents",
]  # fmt: skip


def open_documents(url: str, **options: Any) -> Documents:
    """The store that a URL names: sqlite:///PATH or firestore://PROJECT[/DATABASE]."""
    scheme, separator, rest = url.partition("://")
    opener = _OPENERS.get(scheme)
    if not separator or not rest.strip("/") or opener is None:
        raise Misconfigured(
            f"RUNJOBS_DOCUMENTS={url} names no store: use sqlite:///PATH or "
            "firestore://PROJECT/DATABASE."
        )
    return opener(rest, options)


def _sqlite(path: str, options: dict[str, Any]) -> Documents:
    from common.documents.sqlite import SqliteDocuments

    # Like file:///a/b, sqlite:///a/b is the absolute path; sqlite:///./b is the relative one.
    plain = "/" + path.lstrip("/")
    return SqliteDocuments(plain[1:] if plain.startswith("/./") else plain, **options)


def _firestore(place: str, options: dict[str, Any]) -> Documents:
    from common.documents.firestore import FirestoreDocuments

    project, _, database = place.partition("/")
    return FirestoreDocuments(project, database or "(default)", **options)


_OPENERS: dict[str, Callable[[str, dict[str, Any]], Documents]] = {
    "sqlite": _sqlite,
    "firestore": _firestore,
}
