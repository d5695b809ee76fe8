"""How many may do something at once, over all containers.

slot    leave to be one of them: a document of its own, `slots/NAME.INDEX`. So no document is
        shared, and none is written more often than its holder takes, renews and releases it
holder  who has it: a name that nobody else uses, and nobody uses twice
term    how long it is held without being renewed; after that, by server time, it is free
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from common.documents import Conflict, Create, Data, Document, Documents, Query, Update, Write
from common.limits.errors import SlotLost

__all__ = ["SLOTS", "Slot", "Slots"]

T = TypeVar("T")

SLOTS = "slots"
_PROBES = 2
_FREE = 16
"""Free ones to ask for: so many that of several who ask, few choose the same."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot, held."""

    name: str
    index: int
    holder: str
    until: datetime
    """Server time; another may have it from then on."""
    version: str


class Slots:
    """The slots in a documents store. Safe to share among threads."""

    def __init__(self, documents: Documents, *, rng: Callable[[], float] = random.random) -> None:
        self._documents = documents
        self._rng = rng
        self._made: dict[str, set[int]] = {}
        """Indexes known to have a document: they keep it."""

    def acquire(self, name: str, limit: int, holder: str, term: timedelta) -> Slot | None:
        """A slot, or None where as many as `limit` are held.

        Where the limit was lowered, those who hold one beyond it keep it until they release it.
        """
        asked = _Asked(name, holder, self._documents.now(), term)
        for index, document in self._candidates(asked, limit):
            if document is None or document.data["until"] <= asked.now:
                slot = self._taken(asked, index, document)
                if slot is not None:
                    return slot
        return None

    def renew(self, slot: Slot, term: timedelta) -> Slot:
        """Hold it for another term from now. Raises SlotLost where it is another's."""
        until = self._documents.now() + term
        version = self._write(slot, {"until": until})
        if version is None:
            raise SlotLost(slot.name)
        return replace(slot, until=until, version=version)

    def release(self, slot: Slot) -> None:
        """Free it, if it is still its holder's."""
        self._write(slot, {"until": self._documents.now(), "holder": None})

    def _candidates(self, asked: _Asked, limit: int) -> Iterator[tuple[int, Document | None]]:
        """Slots that may be free, each looked at only when those before it were not to be had."""
        for index in self._mixed(range(limit))[:_PROBES]:
            yield index, self._documents.get(SLOTS, asked.id(index))
        for document in self._mixed(self._free(asked)):
            if document.data["index"] < limit:
                yield document.data["index"], document
        for index in self._mixed(self._missing(asked.name, limit)):
            yield index, None

    def _free(self, asked: _Asked) -> list[Document]:
        # The latest first: those beyond a lowered limit are never taken again, and so come last.
        return self._documents.query(
            Query(
                SLOTS,
                where=(("name", "==", asked.name), ("until", "<=", asked.now)),
                order=("-until",),
                limit=_FREE,
            )
        )

    def _missing(self, name: str, limit: int) -> list[int]:
        made = self._made.setdefault(name, set())
        if len(made) < limit:
            found = self._documents.query(Query(SLOTS, where=(("name", "==", name),)))
            made.update(document.data["index"] for document in found)
        return [index for index in range(limit) if index not in made]

    def _taken(self, asked: _Asked, index: int, document: Document | None) -> Slot | None:
        data = {"holder": asked.holder, "until": asked.now + asked.term}
        write: Write
        if document is None:
            write = Create(SLOTS, asked.id(index), {"name": asked.name, "index": index, **data})
        else:
            write = Update(SLOTS, document.id, data, document.version)
        try:
            (version,) = self._documents.commit([write])
        except Conflict:  # another was first
            return None
        return Slot(asked.name, index, asked.holder, asked.now + asked.term, version or "")

    def _write(self, slot: Slot, data: Data) -> str | None:
        """The new version; None where it is no longer its holder's."""
        id, version = f"{slot.name}.{slot.index}", slot.version
        while True:
            try:
                return self._documents.commit([Update(SLOTS, id, data, version)])[0]
            except Conflict:
                # A renewal whose answer never came may have been applied.
                found = self._documents.get(SLOTS, id)
                if found is None or found.data["holder"] != slot.holder:
                    return None
                version = found.version

    def _mixed(self, items: Iterable[T]) -> list[T]:
        return sorted(items, key=lambda _: self._rng())


@dataclass(frozen=True, slots=True)
class _Asked:
    """One wish for a slot, at one moment."""

    name: str
    holder: str
    now: datetime
    term: timedelta

    def id(self, index: int) -> str:
        return f"{self.name}.{index}"
