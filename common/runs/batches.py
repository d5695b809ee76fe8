"""Batches: runs submitted together, what became of them, and what is submitted when all have ended.

No document counts a batch's runs as they end, for that would be a hot one: they are counted by
query. Whoever ends a run looks whether another of its batch has not ended; the last one, or several
who end at once, or a sweep, submits the continuation, whose id makes it one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.documents import Conflict, Create, Document, Query, Update
from common.errors import InvalidInput
from common.runs.chaining import after_batch
from common.runs.codec import RUNS, read_then, run_data, then_data
from common.runs.ledger import Runs
from common.runs.records import Priority, Run, State, Then

__all__ = ["Batch", "Batches", "NoSuchBatch"]

BATCHES = "batches"
_KEPT = timedelta(days=180)
_PAGE = 200


class NoSuchBatch(InvalidInput):
    """Raised when there is no batch of that id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no batch {id}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Runs that belong together."""

    id: str
    total: int
    """How many were submitted together; those that they submit come on top."""
    created: datetime
    sealed: bool = False
    """Whether all of them are in the ledger."""
    then: Then | None = None
    """What is submitted when all have ended."""
    open: bool = False
    """Whether that is yet to be done."""
    tenant: str = ""
    priority: Priority = Priority.NORMAL
    version: str = ""


class Batches:
    """The batches of a ledger."""

    def __init__(self, runs: Runs) -> None:
        self._runs, self._documents = runs, runs.documents

    def get(self, id: str) -> Batch:
        """The batch; raises NoSuchBatch."""
        found = self._documents.get(BATCHES, id)
        if found is None:
            raise NoSuchBatch(id)
        return _read(found)

    def begin(self, batch: Batch) -> None:
        """Note that a batch is being submitted. Again, for the same one, changes nothing."""
        try:
            self._documents.commit([Create(BATCHES, batch.id, _data(batch))])
        except Conflict:
            found = self.get(batch.id)
            if (found.total, found.then) != (batch.total, batch.then):
                raise InvalidInput(
                    f"Batch {batch.id} is there already, with other runs: use another key."
                ) from None

    def seal(self, id: str) -> None:
        """Say that all of its runs are in the ledger."""
        self._documents.update(BATCHES, id, lambda _: {"sealed": True})
        self.continue_one(id)

    def counts(self, id: str) -> Mapping[State, int]:
        """How many of its runs are in each state."""
        return {
            state: self._documents.count(
                Query(RUNS, where=(("batch", "==", id), ("state", "==", state.value)))
            )
            for state in State
        }

    def cancel(self, id: str) -> int:
        """Cancel all of its runs that have not ended; returns how many were asked.

        A run that ends meanwhile may have another follow it: so it is looked again.
        """
        total = 0
        while asked := self._cancel_open(id):
            total += asked
        return total

    def _cancel_open(self, id: str) -> int:
        asked, last = 0, None
        while found := self._runs.list({"batch": id}, limit=_PAGE, after=last):
            for run in found:
                if not run.state.ended and not run.cancel_requested:
                    self._runs.cancel(run.id)
                    asked += 1
            last = found[-1]
        return asked

    def continue_one(self, id: str) -> Run | None:
        """Submit what comes after the batch, if all of its runs have ended and nobody has yet."""
        return self._documents.optimistic(lambda: self._continue(self.get(id)))

    def continue_all(self) -> list[str]:
        """Do so for every batch; returns the ids of those that were continued."""
        found = self._documents.query(Query(BATCHES, where=(("open", "==", True),)))
        return [document.id for document in found if self.continue_one(document.id)]

    def _continue(self, batch: Batch) -> Run | None:
        if not (batch.open and batch.sealed and batch.then) or self._is_going_on(batch.id):
            return None
        now = self._documents.now()
        run = after_batch(batch.id, batch.then, now, tenant=batch.tenant, priority=batch.priority)
        closed = Update(BATCHES, batch.id, {"open": False, "expires": now + _KEPT}, batch.version)
        found = self._runs.find(run.id)  # of a batch of that key that was removed since
        new = [] if found else [Create(RUNS, run.id, run_data(run))]
        self._documents.commit([closed, *new])
        return found or run

    def _is_going_on(self, id: str) -> bool:
        """Whether any of its runs has not ended."""
        return bool(self._documents.query(Query(RUNS, where=(("open_in", "==", id),), limit=1)))


def _data(batch: Batch) -> dict[str, Any]:
    return {
        "total": batch.total,
        "created": batch.created,
        "sealed": batch.sealed,
        "then": then_data(batch.then) if batch.then else None,
        "open": batch.open,
        "tenant": batch.tenant,
        "priority": batch.priority.value,
        "expires": None if batch.open else batch.created + _KEPT,
    }


def _read(document: Document) -> Batch:
    data = document.data
    return Batch(
        id=document.id,
        total=data["total"],
        created=data["created"],
        sealed=data["sealed"],
        then=read_then(data["then"]) if data["then"] else None,
        open=data["open"],
        tenant=data["tenant"],
        priority=Priority(data["priority"]),
        version=document.version,
    )
