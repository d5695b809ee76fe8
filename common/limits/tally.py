"""Counting in memory, and adding that to the hour's documents now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from common.clock import Clock
from common.documents import Data, Document, Documents
from common.errors import Unavailable
from common.ids import random_id
from common.limits.stats import HOURS, Counts, add

__all__ = ["Tally"]

INTERVAL = 60.0
"""Seconds between one process's writes."""
_SHARDS = 8
_KEPT = timedelta(days=8)
_REMEMBERED = 30
"""Additions that a document remembers, so that none is added twice when its answer was lost."""


@dataclass(frozen=True, slots=True)
class _Addition:
    """Counts on their way into a document."""

    id: str
    document: str
    hour: datetime
    counts: dict[str, Any]


class Tally:
    """One process's counts of one limiter. Safe to share among threads."""

    def __init__(
        self, documents: Documents, name: str, clock: Clock, rng: Callable[[], float]
    ) -> None:
        self._documents, self._name, self._clock, self._rng = documents, name, clock, rng
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._counts = asdict(Counts())
        self._addition: _Addition | None = None
        self._flushed = clock.monotonic()

    def count(self, **more: float) -> None:
        """Add to the counts of these names."""
        with self._lock:
            self._counts = add(self._counts, more)

    @property
    def is_due(self) -> bool:
        """Whether it is time to flush."""
        return self._clock.monotonic() - self._flushed >= INTERVAL

    def flush(self) -> None:
        """Write what was counted; where the store is unavailable, the next time."""
        with suppress(Unavailable), self._flushing:
            self._flushed = self._clock.monotonic()
            if self._addition is not None:  # whose answer never came
                self._write(self._addition)
            if (addition := self._gathered()) is not None:
                self._write(addition)

    def _gathered(self) -> _Addition | None:
        hour = self._documents.now().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            counts, self._counts = self._counts, asdict(Counts())
        if not any(counts.values()):
            return None
        shard = int(self._rng() * _SHARDS)
        return _Addition(random_id(), f"{self._name}.{hour:%Y%m%d%H}.{shard}", hour, counts)

    def _write(self, addition: _Addition) -> None:
        self._addition = addition
        self._documents.update(HOURS, addition.document, lambda found: self._sum(found, addition))
        self._addition = None

    def _sum(self, found: Document | None, addition: _Addition) -> Data | None:
        old = found.data if found else {}
        done = old.get("additions", [])
        if addition.id in done:
            return None
        return {
            "name": self._name,
            "hour": addition.hour,
            "expires": addition.hour + _KEPT,
            "additions": [*done, addition.id][-_REMEMBERED:],
            **add(old, addition.counts),
        }
