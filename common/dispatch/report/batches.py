"""How batches stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from typing_extensions import TypedDict

from common.dispatch.report.runs import time
from common.runs import Batch, Batches, Runs, State
from common.runs.chaining import after_batch

__all__ = ["BatchData", "Standing", "batch_data", "standing"]


class BatchData(TypedDict):
    """How a batch stands. Times are RFC 3339, in UTC."""

    batch: str
    runs: int
    counts: dict[str, int]
    created: str | None
    sealed: bool
    ended: bool
    within: str | None
    tenant: str
    priority: str
    then: str | None
    next: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a batch stands."""

    batch: Batch
    counts: Mapping[State, int]
    """Of its runs, those of batches within it and what followed included."""
    waits: bool = False
    """Whether a batch within it is not over, so that runs may yet come."""

    @property
    def open(self) -> int:
        """Runs that have not ended."""
        return sum(count for state, count in self.counts.items() if not state.ended)

    @property
    def ended(self) -> bool:
        """Whether all of its runs have ended, and no more will come."""
        return self.batch.sealed and not self.open and not self.waits

    @property
    def total(self) -> int:
        """Runs that are known of, written already or not."""
        return max(self.batch.total, sum(self.counts.values()))

    @property
    def succeeded(self) -> bool:
        """Whether none is left that has not."""
        bad = self.counts[State.FAILED] + self.counts[State.CANCELLED]
        return self.ended and not bad

    @property
    def next(self) -> str | None:
        """The id of the run that continues it, as soon as all have ended."""
        batch = self.batch
        if batch.then is None:
            return None
        of: dict[str, Any] = {"tenant": batch.tenant, "priority": batch.priority}
        return after_batch(batch.id, batch.then, batch.created, **of).id


def standing(runs: Runs, id: str) -> Standing:
    """How the batch stands. Raises NoSuchBatch."""
    batches = Batches(runs)
    begun, waits = batches.begun_within(id), batches.begun_within(id, going_on=True) > 0
    found = Standing(batch=batches.get(id), counts=batches.counts(id), waits=waits)
    if found.ended and batches.begun_within(id) != begun:
        return replace(found, waits=True)  # it was begun, and may have ended, meanwhile
    return found


def batch_data(found: Standing) -> BatchData:
    """The same for programs."""
    batch = found.batch
    return {
        "batch": batch.id,
        "runs": found.total,
        "counts": {state.value: count for state, count in found.counts.items()},
        "created": time(batch.created),
        "sealed": batch.sealed,
        "ended": found.ended,
        "within": batch.within,
        "tenant": batch.tenant,
        "priority": batch.priority.name.lower(),
        "then": batch.then.job if batch.then else None,
        "next": found.next if batch.then and not batch.open else None,
    }
