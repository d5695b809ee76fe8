"""One try at sending one file: what was known of it before, and what is read of it now."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any, BinaryIO

from common.errors import InvalidInput
from common.runtime import Permanent, Retryable
from jobs.drive_export.ledger import Sending, What
from jobs.drive_export.sources import Source

if TYPE_CHECKING:
    from common.google import Forbidden

__all__ = ["Damaged", "Locked", "NotAsListed", "Step"]


class Damaged(Retryable):
    """Raised when what arrived in the Drive is not what was sent; it is sent again."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} arrived with another SHA-256 than it left with.")


class NotAsListed(InvalidInput):
    """Raised when a file is not the one that the manifest says."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} has another SHA-256 than the manifest says: it was replaced since then. "
            "Make a new manifest."
        )


class Locked(Permanent):
    """Raised when the user may not write any more what was exported before: it is left out."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the user may not change what was exported as {name!r} before")


@dataclasses.dataclass(slots=True)
class Step:
    """One try at one file."""

    key: str
    source: Source
    before: Sending | None
    version: str | None
    """Of what `before` was read from, or was written since."""
    stream: BinaryIO
    what: What = "created"
    is_resumed: bool = False
    is_trashed: bool = False
    """Whether what was made before is in the Drive's trash."""
    _hashed: int = 0
    """Bytes of the source that were read in order, and are in the digest."""
    _digest: Any = dataclasses.field(default_factory=hashlib.sha256)

    @property
    def begun(self) -> Sending | None:
        """What an earlier attempt has begun, if it was with the very blob that is there now."""
        before = self.before
        if before is None or before.state != "begun" or before.etag != self.source.etag:
            return None
        return before if before.sha256 == self.source.sha256 else None

    def read(self, offset: int, size: int) -> bytes:
        """So many bytes of the source. Before the last of them leave, raises NotAsListed or Damaged
        if it is another source than was announced."""
        self.stream.seek(offset)
        parts, missing = [], size
        while missing and (part := self.stream.read(missing)):
            parts.append(part)
            missing -= len(part)
        data = b"".join(parts)
        if offset == self._hashed:
            self._hashed += len(data)
            self._digest.update(data)
        if missing or (self._hashed == self.source.size and not self._is_right()):
            raise (NotAsListed if self.source.is_listed else Damaged)(self.source.name)
        return data

    def what_is_there(self, run: str) -> What:
        """What became of a file that has the content already: if it was begun by this very run,
        then by an attempt that did not live to say so."""
        before = self.before
        mine = before is not None and before.run == run and before.state == "begun"
        return before.what if before and mine else "unchanged"

    def refused(self, error: Forbidden) -> Exception:
        """What it means that Drive forbids it: of a file that is there it is that file's alone."""
        from common.google import StorageUsedUp

        is_its_own = self.what == "updated" and not isinstance(error, StorageUsedUp)
        return Locked(self.source.name) if is_its_own else error

    def _is_right(self) -> bool:
        return bool(self._digest.hexdigest() == self.source.sha256)
