"""Batches: runs submitted together, what became of them, and what is submitted when all have ended.

No document counts a batch's runs as they end, for that would be a hot one: they are counted by
query. Whoever ends a run looks whether another of its batch has not ended; the last one, or several
who end at once, or a sweep, submits the continuation, whose id makes it one.

A batch may be within another: its runs count in that one, too, and so does its continuation. It is
open until all its runs have ended and what follows is submitted, in one commit; and as long as it
is open the outer one is not over. That a batch has others within it is noted in its own document
before the first of them is begun: whoever would close it meanwhile finds that it has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from common.documents import Conflict, Create, Document, Query, Update
from common.errors import InvalidInput
from common.runs.batch import (
    KEPT,
    Batch,
    BatchCancelled,
    NoSuchBatch,
    batch_data,
    read_batch,
)
from common.runs.chaining import after_batch
from common.runs.codec import RUNS, run_data
from common.runs.ledger import Runs
from common.runs.members import BATCHES, members
from common.runs.over import begun_within, is_over
from common.runs.records import Run, State

__all__ = ["Batch", "BatchCancelled", "Batches", "NoSuchBatch"]

_PAGE = 200


class Batches:
    """The batches of a ledger."""

    def __init__(self, runs: Runs) -> None:
        self._runs, self._documents = runs, runs.documents

    def get(self, id: str) -> Batch:
        """The batch; raises NoSuchBatch."""
        found = self.find(id)
        if found is None:
            raise NoSuchBatch(id)
        return found

    def find(self, id: str) -> Batch | None:
        """The batch, if there is one."""
        found = self._documents.get(BATCHES, id)
        return None if found is None else read_batch(found)

    def begin(self, batch: Batch) -> None:
        """Note that a batch is being submitted. Again, for the same one, changes nothing.

        Raises BatchCancelled where what it is within was cancelled.
        """
        if batch.within is not None:
            self._make_room(batch)
        try:
            self._documents.commit([Create(BATCHES, batch.id, batch_data(batch))])
        except Conflict:
            found = self.get(batch.id)
            if (found.total, found.then) != (batch.total, batch.then):
                raise InvalidInput(
                    f"Batch {batch.id} is there already, with other runs: use another key."
                ) from None

    def seal(self, id: str) -> None:
        """Say that all of its runs are in the ledger. Where it, or what it is within, was cancelled
        while they were written, they are cancelled."""
        found = self._documents.update(BATCHES, id, _sealed)
        if found is not None and self._is_called_off(read_batch(found)):
            self.cancel(id)
        self.continue_one(id)

    def joined(self, run: Run) -> Run:
        """A run that was just written into its batch: cancelled, if that is.

        Who cancels a batch says so first, and looks for runs after that; who writes a run looks
        afterwards whether it was said: so one of the two finds the other.
        """
        batch = self.find(run.batch) if run.batch and not run.state.ended else None
        if batch is None or not self._is_called_off(batch):
            return run
        return self._runs.cancel(run.id)

    def counts(self, id: str) -> Mapping[State, int]:
        """How many of its runs are in each state, those of batches within it among them."""
        filters = [*members(self._documents, id)]
        return {
            state: sum(
                self._documents.count(Query(RUNS, where=(each, ("state", "==", state.value))))
                for each in filters
            )
            for state in State
        }

    def begun_within(self, id: str, *, going_on: bool = False) -> int:
        """How many batches were begun within it, or how many of them are not over.

        Of one that is not, more runs or what follows it may yet come.
        """
        return begun_within(self._documents, id, going_on=going_on)

    def cancel(self, id: str) -> int:
        """Cancel all of its runs that have not ended; returns how many were asked.

        A run that ends meanwhile may have another follow it: so it is looked again. What would
        follow a batch within it does not.
        """
        self._documents.update(BATCHES, id, self._called_off)
        total, touched = 0, dict[str, None]()
        while asked := self._cancel_open(id, touched):
            total += asked
        for each in touched.keys() - {id}:
            self.continue_one(each)
        return total

    def _called_off(self, found: Document | None) -> dict[str, Any] | None:
        return {"cancelled": self._documents.now()} if found else None

    def _cancel_open(self, id: str, touched: dict[str, None]) -> int:
        asked = 0
        for run in self._runs.every({"batch": id}, page=_PAGE):
            if not run.state.ended and not run.cancel_requested:
                self._runs.cancel(run.id)
                asked += 1
                touched |= {run.batch: None} if run.batch else {}
        return asked

    def continue_one(self, id: str) -> Run | None:
        """Submit what comes after the batch, if all of its runs have ended and nobody has yet.

        Where nothing does, what it is within may be over by that, and is seen to.
        """
        at: str | None = id
        last: Run | None = None
        while at is not None:
            found = self._documents.optimistic(partial(self._close, at))
            if isinstance(found, Run):
                last = self.joined(found)
                at = last.batch if last.state.ended else None
            else:
                at = found.within if found else None
        return last

    def continue_all(self) -> list[str]:
        """Do so for every batch; returns the ids of those that were continued."""
        found = self._documents.query(Query(BATCHES, where=(("open", "==", True),)))
        continued = [self.continue_one(document.id) for document in found]
        return [run.parent for run in continued if run is not None and run.parent]

    def _close(self, id: str) -> Batch | Run | None:
        """Close it, if it is over: returns what was submitted, or the batch where nothing was."""
        batch = self.find(id)
        if batch is None or not is_over(self._documents, batch):
            return None
        now = self._documents.now()
        closed = Update(BATCHES, batch.id, {"open": False, "expires": now + KEPT}, batch.version)
        run = self._next(batch, now) if batch.sealed else None
        if run is None:
            self._documents.commit([closed])
            return batch
        found = self._runs.find(run.id)  # of a batch of that key that was removed since
        new = [] if found else [Create(RUNS, run.id, run_data(run))]
        self._documents.commit([closed, *new])
        return found or run

    def _next(self, batch: Batch, now: datetime) -> Run | None:
        if batch.then is None:
            return None
        of: dict[str, Any] = {"tenant": batch.tenant, "priority": batch.priority}
        outers = [*self._outers(batch)]
        if outers:
            outer = outers[0]
            of |= {"batch": outer.id, "awaited": outer.awaited, "root": outer.root}
            of |= {"cancelled": any(each.cancelled for each in outers)}
        return after_batch(batch.id, batch.then, now, **of)

    def _is_called_off(self, batch: Batch) -> bool:
        return any(each.cancelled for each in (batch, *self._outers(batch)))

    def _make_room(self, batch: Batch) -> None:
        """Have the batch that it is within know that it has others within it."""
        outers = [*self._outers(batch)]
        if not outers:
            raise NoSuchBatch(batch.within or "")
        if gone := next((each for each in outers if each.cancelled), None):
            raise BatchCancelled(gone.id)
        if not outers[0].outer:
            self._documents.update(BATCHES, outers[0].id, lambda _: {"outer": True})

    def _outers(self, batch: Batch) -> Iterator[Batch]:
        """The batches that it is within, from inside out."""
        at = batch.within
        while at is not None and (found := self.find(at)) is not None:
            yield found
            at = found.within


def _sealed(found: Document | None) -> dict[str, Any] | None:
    """Open, too: what was there of it may have ended before, and it was given up."""
    if found is None or found.data["sealed"]:
        return None
    reopened = {"open": True, "expires": None} if read_batch(found).awaited else {}
    return {"sealed": True, **reopened}
