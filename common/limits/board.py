"""What all containers know of a limiter: one document, `limiters/NAME`, read often, written seldom.

It holds what was set at run time (per_second, burst, max_concurrent), and how the provider is
(share, since, not_before, usual). It is written when a limit is set or the provider shows that it
has enough, and by then at most about once a second.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from common.clock import Clock
from common.documents import Data, Document, Documents
from common.errors import Unavailable
from common.limits.adapt import Observation, State, adapt
from common.limits.declared import Limits
from common.limits.standing import Standing, read_standing, read_state

__all__ = ["LIMITERS", "Board", "set_limits"]

LIMITERS = "limiters"
_USUAL = timedelta(minutes=10)
"""For so long what is usual stays as it was said."""


class Board:
    """One limiter's document, as one process sees it. Safe to share among threads."""

    def __init__(self, documents: Documents, limits: Limits, clock: Clock) -> None:
        self._documents, self._limits, self._clock = documents, limits, clock
        self._interval = 2 * documents.read_interval
        self._lock, self._reading = threading.Lock(), threading.Lock()
        self._read_at = float("-inf")
        self._unsaved: tuple[Observation, datetime] | None = None
        self._standing = Standing(limits, State(), None)

    @property
    def known(self) -> Standing:
        """As it was when it was last read."""
        return self._standing

    def standing(self) -> Standing:
        """As of a few seconds ago at most. Raises Unavailable."""
        if self._is_old:
            with self._reading:
                if self._is_old:
                    self._refresh()
        return self._standing

    def observe(self, seen: Observation) -> None:
        """Have all containers give way; where the store is unavailable, this one and later all."""
        self._give_way(seen, self._documents.now())

    @property
    def _is_old(self) -> bool:
        return self._clock.monotonic() - self._read_at >= self._interval

    def _refresh(self) -> None:
        with self._lock:
            unsaved, self._unsaved = self._unsaved, None
        if unsaved is not None:
            self._give_way(*unsaved)
        else:
            self._saw(self._documents.get(LIMITERS, self._limits.name))
        self._read_at = self._clock.monotonic()

    def _give_way(self, seen: Observation, now: datetime) -> None:
        limits = self._limits
        try:
            found = self._documents.update(
                LIMITERS, limits.name, lambda found: _changes(limits, found, seen, now)
            )
        except Unavailable:
            with self._lock:
                self._unsaved = seen, now
                state = adapt(self._standing.state, seen, now, limits.policy)
                self._standing = replace(self._standing, state=state)
        else:
            self._saw(found)

    def say_usual(self, seconds: float) -> None:
        """Keep what is usual for containers to come, unless somebody did so lately."""
        now = self._documents.now()

        def change(found: Document | None) -> Data | None:
            at = found.data.get("usual_at") if found else None
            recent = isinstance(at, datetime) and now - at < _USUAL
            return None if recent else {"usual": seconds, "usual_at": now}

        self._saw(self._documents.update(LIMITERS, self._limits.name, change))

    def _saw(self, found: Document | None) -> None:
        standing = read_standing(self._limits, found.data if found else {})
        with self._lock:
            self._standing = standing


def set_limits(
    documents: Documents,
    name: str,
    *,
    per_second: float | None = None,
    burst: int | None = None,
    max_concurrent: int | None = None,
) -> None:
    """Change a limiter at run time; what is None is again as it was declared.

    Raises InvalidInput for what is no limit. Containers follow within a few seconds.
    """
    Limits(
        name=name,
        per_second=1.0 if per_second is None else per_second,
        burst=burst or 0,
        max_concurrent=max_concurrent or 0,
    )
    fields = {"per_second": per_second, "burst": burst, "max_concurrent": max_concurrent}
    documents.update(LIMITERS, name, lambda _: fields)


def _changes(
    limits: Limits, found: Document | None, seen: Observation, now: datetime
) -> Data | None:
    old = read_state(found.data if found else {})
    new = adapt(old, seen, now, limits.policy)
    return None if new is old else asdict(new)
