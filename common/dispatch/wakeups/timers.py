"""Timers as documents, of which each is answered by one process at a time.

A timer that is due is taken by one commit, which deletes it and creates another that comes due when
the taker's time is over: so a killed taker's timer is taken by another, and whoever asks meanwhile
for the same moment sets a new one, which nobody has answered yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.dispatch.wakeups.base import Kind, Wakeup
from common.documents import (
    MAX_WRITES,
    Conflict,
    Create,
    Delete,
    Document,
    Documents,
    Query,
    Update,
)
from common.ids import derived_id, random_id

__all__ = ["LEASE", "Held", "Timers"]

LEASE = timedelta(seconds=60)
"""How long one may take to answer before another does so as well."""

_TIMERS = "timers"
_PAGE = 100
"""Due timers that are looked at together: of one queue they are answered together, and several
processes take different ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A timer that was taken."""

    wakeup: Wakeup
    tries: int
    """How often it was taken, this one included."""
    id: str
    version: str


class Timers:
    """The timers of one documents store."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def set(self, wakeup: Wakeup) -> None:
        """Set one, unless the same is there."""
        id = derived_id("timer", wakeup.kind, wakeup.name, wakeup.at.isoformat())
        with suppress(Conflict):
            self._documents.commit([Create(_TIMERS, id, _data(wakeup))])

    def next(self) -> datetime | None:
        """When the next one comes due, or was; None where there is none."""
        found = self._documents.query(Query(_TIMERS, order=("at",), limit=1))
        return _at(found[0]) if found else None

    def count(self) -> int:
        """How many there are, those that are held included."""
        return self._documents.count(Query(_TIMERS))

    def due(self, now: datetime) -> list[list[Document]]:
        """The earliest that are due, those that say the same together."""
        page = Query(_TIMERS, where=(("at", "<=", now),), order=("at",), limit=_PAGE)
        groups: dict[tuple[str, str], list[Document]] = {}
        for found in self._documents.query(page):
            groups.setdefault((found.data["kind"], found.data["name"]), []).append(found)
        return list(groups.values())

    def take(self, group: Sequence[Document], *, until: datetime) -> Held | None:
        """Take timers that say the same, as one; None where another was first."""
        wakeup = _wakeup(group[0])
        tries = max(found.data["tries"] for found in group) + 1
        held = Create(_TIMERS, random_id(), {**_data(wakeup), "at": until, "tries": tries})
        taken = (Delete(_TIMERS, found.id, found.version) for found in group)
        try:
            version = self._documents.commit([held, *taken])[0]
        except Conflict:
            return None
        return Held(wakeup=wakeup, tries=tries, id=held.id, version=str(version))

    def done(self, held: Held) -> None:
        """Drop what was answered, unless it was taken from us, or purged."""
        with suppress(Conflict):
            self._documents.commit([Delete(_TIMERS, held.id, held.version)])

    def put_back(self, held: Held, at: datetime) -> None:
        """Have it come again, unless it was taken from us, or purged."""
        with suppress(Conflict):
            self._documents.commit([Update(_TIMERS, held.id, {"at": at}, held.version)])

    def clear(self) -> None:
        """Drop all that there are."""
        while self._documents.optimistic(self._clear_some) == MAX_WRITES:
            pass

    def _clear_some(self) -> int:
        found = self._documents.query(Query(_TIMERS, limit=MAX_WRITES))
        self._documents.commit([Delete(_TIMERS, each.id, each.version) for each in found])
        return len(found)


def _data(wakeup: Wakeup) -> dict[str, object]:
    return {"kind": wakeup.kind, "name": wakeup.name, "at": wakeup.at, "tries": 0}


def _wakeup(found: Document) -> Wakeup:
    kind: Kind = "sweep" if found.data["kind"] == "sweep" else "queue"
    return Wakeup(kind=kind, name=found.data["name"], at=_at(found))


def _at(found: Document) -> datetime:
    at: datetime = found.data["at"]
    return at
