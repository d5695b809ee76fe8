"""The text of documents that this process has just read or written.

An update, which changes some fields of a text, then need not read it first. A version never comes
back, so what is known of one holds.
"""

from __future__ import annotations

__all__ = ["Recent"]

_MOST = 1_000
_LONGEST = 4_000
"""Characters of a text that is kept."""


class Recent:
    """Texts by collection, id and version, which is one commit's and so that of all it wrote.
    Safe to share among threads."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str, str], str] = {}

    def keep(self, collection: str, id: str, version: str, text: str) -> None:
        """Remember a text, and forget the others now and then."""
        if len(text) > _LONGEST:
            return
        if len(self._texts) >= _MOST:
            self._texts = {}
        self._texts[collection, id, version] = text

    def get(self, collection: str, id: str, version: str) -> str | None:
        """The text, if it is remembered."""
        return self._texts.get((collection, id, version))
