"""Fields of documents that the application writes, checked as they are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, overload

from common.documents import Document
from common.errors import InvalidInput

__all__ = ["Fields", "Malformed"]

_NOTHING: Any = object()
_LONGEST = 1_500
"""https://firebase.google.com/docs/firestore/quotas: bytes of a value that is indexed."""


class Malformed(InvalidInput):
    """Raised when a document is not what docs/data.md says of its collection."""

    def __init__(self, document: Document, field: str, wanted: str) -> None:
        super().__init__(
            f"{document.collection}/{document.id}: {field} is not {wanted}, as docs/data.md says."
        )


class Fields:
    """A document's fields by their types; one that is absent or null has its default, if any."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @overload
    def text(self, name: str, default: str = ...) -> str: ...

    @overload
    def text(self, name: str, default: None) -> str | None: ...

    def text(self, name: str, default: Any = _NOTHING) -> str | None:
        """A string; none is longer than what Firestore can be asked for."""
        found: str | None = self._get(name, str, "a string", default)
        if found is not None and len(found.encode(errors="replace")) > _LONGEST:
            raise self.malformed(name, f"a string of {_LONGEST:,} bytes at most")
        return found

    def word(self, name: str, *words: str, default: str = _NOTHING) -> str:
        """One of these strings."""
        found = self.text(name, default)
        if found not in words:
            raise self.malformed(name, f"one of {', '.join(words)}")
        return found

    def number(self, name: str, default: Any = _NOTHING) -> int:
        """A whole number."""
        found = self._get(name, int, "a whole number", default)
        if isinstance(found, bool):
            raise self.malformed(name, "a whole number")
        return int(found)

    def time(self, name: str) -> datetime:
        """A time; there must be one."""
        found = self._get(name, datetime, "a time", _NOTHING)
        assert isinstance(found, datetime)  # noqa: S101 - for the type checker alone
        return found

    def maybe_time(self, name: str) -> datetime | None:
        """A time, or None."""
        return None if self._document.data.get(name) is None else self.time(name)

    def malformed(self, field: str, wanted: str) -> Malformed:
        """The error of a field that is not what it should be."""
        return Malformed(self._document, field, wanted)

    def _get(self, name: str, kind: type, wanted: str, default: Any) -> Any:
        found = self._document.data.get(name)
        if found is None and default is not _NOTHING:
            return default
        if not isinstance(found, kind):
            raise self.malformed(name, wanted)
        return found
