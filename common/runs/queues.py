"""Queues: classes of runs, each with limits that hold over all that starts and runs of it.

declared  what a job's declaration says of its queue
chosen    what somebody set at run time; it goes before what is declared
paused    nothing of it is started; what runs goes on
weight    how many runs of a tenant are started in its turn, where others have one

A queue's document is written at each dispatch, which makes it the lock between dispatchers: of two
that read it at one version only one commits. So it is also why they take many runs at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from common.documents import Create, Data, Document, Documents, Query, Update, Write
from common.errors import InvalidInput
from common.limits import Rate
from common.runs.order import Turn

__all__ = ["DEFAULTS", "QueueLimits", "Queue", "Queues"]

QUEUES = "queues"


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueLimits:
    """How much of a queue may run, and start."""

    max_concurrent: int | None = 100
    """Runs that are starting or running; None for any number."""
    max_per_second: float | None = None
    """Runs that begin in a second; None for any number."""
    burst: int = 0
    """Runs that may begin at once after a rest; 0 for as many as come in a second."""

    def __post_init__(self) -> None:
        if self.max_concurrent is not None and self.max_concurrent < 1:
            raise InvalidInput("max_concurrent is at least 1: to stop a queue, pause it.")
        if self.max_per_second is not None and not 0.001 <= self.max_per_second <= 10_000:
            raise InvalidInput("max_per_second is between 0.001 and 10,000.")
        if self.burst < 0:
            raise InvalidInput("burst is at least 1, or 0 for as many as come in a second.")

    @property
    def rate(self) -> Rate | None:
        """How fast runs may begin."""
        if self.max_per_second is None:
            return None
        return Rate(per_second=self.max_per_second, burst=self.burst)


DEFAULTS: Mapping[str, QueueLimits] = {
    name: QueueLimits(max_concurrent=50, max_per_second=10)
    for name in ("extract-tasks", "io-tasks", "automation-tasks", "maintenance-tasks")
} | {
    name: QueueLimits(max_concurrent=5, max_per_second=10)
    for name in ("video-jobs-queue", "image-jobs-queue")
}
"""Of queues that are known by name, unless their jobs declare others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """A queue as it stands."""

    name: str
    limits: QueueLimits
    """Those that hold: chosen, else declared, else the defaults."""
    declared: QueueLimits | None = None
    chosen: Mapping[str, Any] = field(default_factory=dict)
    """Names of limits and what somebody set them to."""
    paused: bool = False
    weights: Mapping[str, int] = field(default_factory=dict)
    """By tenant; 1 for those not named."""
    turns: Mapping[int, Turn] = field(default_factory=dict)
    """By priority: whose turn it was last."""
    dispatched: datetime | None = None
    """When runs were last taken from it."""
    version: str | None = None
    """Of its document; None while there is none."""

    @property
    def permits(self) -> str:
        """What the rate is called among all rates: a provider may have the queue's name."""
        return permits_of(self.name)

    def took(self, turns: Mapping[int, Turn], now: datetime) -> Write:
        """The write that goes with taking runs, and holds only if nobody else took some."""
        said = {str(priority): asdict(turn) for priority, turn in {**self.turns, **turns}.items()}
        data: dict[str, Any] = {"turns": said, "dispatched": now}
        if self.version is not None:
            return Update(QUEUES, self.name, data, self.version)
        declared = {"declared": asdict(self.declared)} if self.declared else {}
        return Create(QUEUES, self.name, {"name": self.name, **declared, **data})


class Queues:
    """All queues of a documents store."""

    def __init__(self, documents: Documents, *, otherwise: QueueLimits = QueueLimits()) -> None:
        """`otherwise` are the limits of a queue that is neither declared nor among the defaults."""
        self.documents = documents
        self._otherwise = otherwise

    def get(self, name: str) -> Queue:
        """The queue; one of which nobody has heard has the default limits."""
        return self._read(name, self.documents.get(QUEUES, name))

    def list(self) -> list[Queue]:
        """Those that have a document, and those known by name, in order of their names."""
        found = {document.id: document for document in self.documents.query(Query(QUEUES))}
        names = sorted({*found, *DEFAULTS})
        return [self._read(name, found.get(name)) for name in names]

    def declare(self, name: str, limits: QueueLimits) -> None:
        """Note what a job's declaration says of its queue, if that is news."""
        if self.get(name).declared != limits:
            self._change(name, lambda _: {"declared": asdict(limits)})

    def choose(self, name: str, chosen: Mapping[str, Any]) -> Queue:
        """Set some limits at run time, or with an empty mapping go back to what is declared."""

        def change(queue: Queue) -> Data:
            new = {**queue.chosen, **chosen} if chosen else {}
            _merged(queue.limits, new)  # which refuses what cannot be
            return {"chosen": new}

        return self._change(name, change)

    def pause(self, name: str, *, paused: bool = True) -> Queue:
        """Start nothing of it until it is resumed."""
        return self._change(name, lambda _: {"paused": paused})

    def weigh(self, name: str, tenant: str, weight: int) -> Queue:
        """Give a tenant so many starts in its turn, where others have one."""
        if not 1 <= weight <= 100:
            raise InvalidInput("A tenant's weight is between 1 and 100.")
        return self._change(name, lambda queue: {"weights": {**queue.weights, tenant: weight}})

    def _change(self, name: str, change: Callable[[Queue], Data]) -> Queue:
        def changed(found: Document | None) -> Data:
            return {"name": name, **change(self._read(name, found))}

        return self._read(name, self.documents.update(QUEUES, name, changed))

    def _read(self, name: str, document: Document | None) -> Queue:
        data: Data = document.data if document else {}
        declared = QueueLimits(**_known(data["declared"])) if data.get("declared") else None
        chosen = _known(data.get("chosen") or {})
        return Queue(
            name=name,
            limits=_merged(declared or DEFAULTS.get(name, self._otherwise), chosen),
            declared=declared,
            chosen=chosen,
            paused=bool(data.get("paused")),
            weights=data.get("weights") or {},
            turns={int(key): Turn(**turn) for key, turn in (data.get("turns") or {}).items()},
            dispatched=data.get("dispatched"),
            version=document.version if document else None,
        )


def _known(limits: Mapping[str, Any]) -> dict[str, Any]:
    """Without those that newer code has added."""
    return {field.name: limits[field.name] for field in fields(QueueLimits) if field.name in limits}


def permits_of(queue: str) -> str:
    """The name of a queue's rate."""
    return f"queue {queue}"


def _merged(limits: QueueLimits, chosen: Mapping[str, Any]) -> QueueLimits:
    return replace(limits, **chosen)
