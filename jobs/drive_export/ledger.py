"""What was sent, and what is being sent: a document for each file and folder.

begun  its upload has a session at Google, by which any attempt goes on with it; where Drive takes
       ids that were given out before, the file's id is known too, so that it cannot be made twice
done   it is in the Drive

A session's URI lets anybody who has it write the file, and is kept encrypted.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from common.documents import Create, Data, Documents, Update
from common.ids import derived_id
from common.integrations import Cipher, Undecipherable

__all__ = ["Ledger", "Sending", "What"]

COLLECTION = "exports"
What = Literal["created", "updated", "unchanged"]


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """One file on its way, or there."""

    state: Literal["begun", "done"]
    run: str
    """Which last worked on it."""
    what: What
    """What becomes of the file by it."""
    sha256: str
    size: int
    etag: str
    """Of the blob that it is sent from."""
    is_sure: bool
    """Whether that has this SHA-256, or only a manifest says so."""
    file: str | None = None
    """Its id in the Drive; None until it is known."""
    link: str = ""
    session: str | None = dataclasses.field(default=None, repr=False)
    """Encrypted."""


class Ledger:
    """The documents of one user's exports into one folder."""

    def __init__(self, documents: Documents, tenant: str, user: str, *scope: str) -> None:
        """`scope` is what tells these exports from others of the user's."""
        self._documents, self._scope = documents, (tenant, user, *scope)
        self._whose = {"tenant": tenant, "user": user}
        self._cipher = Cipher.from_environ()

    def key(self, name: str) -> str:
        """The id of the document of a file of that name."""
        return derived_id("export", *self._scope, name)

    def get(self, key: str) -> tuple[Sending | None, str | None]:
        """What is known of a file, and the version of what says so."""
        document = self._documents.get(COLLECTION, key)
        return (_sending(document.data), document.version) if document else (None, None)

    def put(self, key: str, sending: Sending, over: str | None) -> str | None:
        """Write it over the version that was read; returns the new one. Raises Conflict if another
        attempt was quicker."""
        data: dict[str, Any] = {**dataclasses.asdict(sending), **self._whose}
        new = Create(COLLECTION, key, data) if over is None else None
        (version,) = self._documents.commit([new or Update(COLLECTION, key, data, over or "")])
        return version

    def seal(self, key: str, uri: str) -> str:
        """A session's URI, as it may be kept."""
        return self._cipher.seal(key, {"uri": uri})

    def unseal(self, key: str, sealed: str | None) -> str | None:
        """The URI; None where there is none, or no key decrypts it any more."""
        try:
            return None if sealed is None else str(self._cipher.open(key, sealed)["uri"])
        except Undecipherable:
            return None


def _sending(data: Data) -> Sending:
    """What this version knows of it."""
    return Sending(**{field.name: data[field.name] for field in dataclasses.fields(Sending)})
