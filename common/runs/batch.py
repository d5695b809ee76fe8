"""A batch, and how its document keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.documents import Document
from common.errors import InvalidInput
from common.runs.codec import read_then, then_data
from common.runs.errors import Permanent
from common.runs.records import Priority, Then

__all__ = ["KEPT", "Batch", "BatchCancelled", "NoSuchBatch", "batch_data", "read_batch"]

KEPT = timedelta(days=180)
"""So long a batch's document is kept once nothing is to be done for it."""


class NoSuchBatch(InvalidInput):
    """Raised when there is no batch of that id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no batch {id}.")


class BatchCancelled(Permanent):
    """Raised when a batch is to be begun within one that was cancelled."""

    def __init__(self, id: str) -> None:
        super().__init__(f"Batch {id} was cancelled, and takes no more runs.")


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
    """Whether that, or what it is within, is yet to be seen to when they have."""
    tenant: str = ""
    priority: Priority = Priority.NORMAL
    parent: str | None = None
    """The run that submitted it."""
    within: str | None = None
    """The batch that it counts in."""
    root: str | None = None
    """The outermost one of those."""
    outer: bool = False
    """Whether others were begun within it."""
    cancelled: datetime | None = None
    """When it was cancelled whole."""
    version: str = ""

    @property
    def awaited(self) -> bool:
        """Whether something is done when all of its runs have ended."""
        return self.then is not None or self.within is not None


def batch_data(batch: Batch) -> dict[str, Any]:
    """All of a batch, as its document keeps it."""
    inside = {"parent": batch.parent, "within": batch.within, "root": batch.root}
    return {
        "total": batch.total,
        "created": batch.created,
        "sealed": batch.sealed,
        "then": then_data(batch.then) if batch.then else None,
        "open": batch.open,
        "tenant": batch.tenant,
        "priority": batch.priority.value,
        "expires": None if batch.open else batch.created + KEPT,
        **{name: value for name, value in inside.items() if value is not None},
    }


def read_batch(document: Document) -> Batch:
    """The batch in a document; one that an older release wrote lacks the last fields."""
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
        parent=data.get("parent"),
        within=data.get("within"),
        root=data.get("root"),
        outer=data.get("outer", False),
        cancelled=data.get("cancelled"),
        version=document.version,
    )
