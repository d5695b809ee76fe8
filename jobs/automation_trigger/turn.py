"""Who reads a mailbox just now, so that fifty notifications at once are read by one run.

A run that finds another at it leaves word how far the history goes, and is done: the other looks
once more, if it has not come that far when it ends. The word stays if that is killed, and its next
attempt heeds it. All this spares calls only: two who read a mailbox at once start nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from common.documents import Document, Documents

__all__ = ["Turn"]

_LEASES = "leases"
_TERM = timedelta(seconds=60)
"""So long one that was killed keeps others away."""
_RENEW = timedelta(seconds=20)
_ALL = "all"
"""The word of one that does not know how far the history goes."""

Covers = Callable[[int | None], bool]


class Turn:
    """That of one integration. Use it in a `with` once it has begun."""

    def __init__(self, documents: Documents, integration: str, *, run: str) -> None:
        """Another attempt at the same run goes on at once."""
        self._documents, self._run = documents, run
        self._id = f"mailbox-{integration}"
        self._renewed = documents.now()
        self.holder = ""
        """Whose turn it was when it was last asked for."""
        self.is_owed = False
        """Whether the word that was found when it began asks for a whole look."""

    def is_left(self, covers: Covers) -> bool:
        """Whether an attempt at this run was killed in its turn, or a word is not heeded yet."""
        found = self._documents.get(_LEASES, self._id)
        if found is None:
            return False
        return found.data["holder"] == self._run or not _is_heeded(found.data["word"], covers)

    def begin(self, history: int | None) -> bool:
        """Whether it is this run's turn; if not, whose it is has word how far the history goes."""
        found = self._update(lambda old: self._begun(old, history))
        self.holder = found["holder"]
        return self._is_mine(found)

    def renew(self) -> None:
        """Keep it, from time to time."""
        now = self._documents.now()
        if now - self._renewed > _RENEW:
            self._renewed = now
            self._update(lambda old: {"until": now + _TERM} if self._is_mine(old) else None)

    def end(self, covers: Covers) -> bool:
        """Give it back; False where somebody left word that is not heeded yet, so it goes on."""
        found = self._update(lambda old: self._ended(old, covers))
        return not self._is_mine(found)

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, *_: object) -> None:
        """Let others in, if it was not given back; the word stays for them."""
        self._update(lambda old: {"holder": ""} if self._is_mine(old) else None)

    def _begun(self, old: Mapping[str, Any], history: int | None) -> Mapping[str, Any] | None:
        now, word = self._documents.now(), old.get("word", "")
        if old.get("holder", "") in {"", self._run} or old["until"] <= now:
            self.is_owed = word == _ALL
            return {"holder": self._run, "until": now + _TERM, "word": _number(word)}
        further = _further(word, history)
        return None if further == word else {"word": further}

    def _ended(self, old: Mapping[str, Any], covers: Covers) -> Mapping[str, Any] | None:
        if not self._is_mine(old):
            return None
        if _is_heeded(old["word"], covers):
            return {"holder": "", "word": ""}
        return {"word": _number(old["word"])} if old["word"] == _ALL else None

    def _is_mine(self, found: Mapping[str, Any]) -> bool:
        return found.get("holder") == self._run

    def _update(self, change: Callable[[Mapping[str, Any]], Any]) -> Mapping[str, Any]:
        def changed(old: Document | None) -> Any:
            return change(old.data if old else {})

        found = self._documents.update(_LEASES, self._id, changed)
        return found.data if found else {}


def _is_heeded(word: str, covers: Covers) -> bool:
    return word == "" or (word != _ALL and covers(int(word)))


def _further(word: str, history: int | None) -> str:
    """The word that asks for as much as both do."""
    if history is None or word == _ALL:
        return _ALL
    return str(max(history, int(word or 0)))


def _number(word: str) -> str:
    """The word without what any whole look does, whoever begins it now."""
    return "" if word == _ALL else word
