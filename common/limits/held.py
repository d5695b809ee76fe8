"""A slot that is kept for as long as a turn lasts."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

from common.clock import Clock
from common.errors import RunjobsError
from common.ids import random_id
from common.limits.errors import SlotLost
from common.limits.slots import Slot, Slots

__all__ = ["Held"]


class Held:
    """One holder's slot of a name, once it has it. Safe to share among threads."""

    def __init__(self, slots: Slots, term: timedelta, clock: Clock) -> None:
        self._slots, self._term, self._clock = slots, term, clock
        self._lock = threading.Lock()
        self._slot: Slot | None = None
        self._renewed = 0.0

    def acquire(self, name: str, limit: int) -> bool:
        """Have a slot; one that is held already is kept."""
        with self._lock:
            if self._slot is None:
                self._renewed = self._clock.monotonic()
                self._slot = self._slots.acquire(name, limit, random_id(), self._term)
            return self._slot is not None

    def renew(self) -> None:
        """Keep it, at the cost of a write once in a quarter of its term; else of nothing.

        Raises SlotLost where it is another's by now.
        """
        with self._lock:
            now = self._clock.monotonic()
            if self._slot is None or now - self._renewed < self._term.total_seconds() / 4:
                return
            try:
                self._slot = self._slots.renew(self._slot, self._term)
            except SlotLost:
                self._slot = None
                raise
            self._renewed = now

    def release(self) -> None:
        """Free it; where the store does not let us, it frees itself when its term ends."""
        with self._lock:
            slot, self._slot = self._slot, None
        if slot is not None:
            with suppress(RunjobsError):
                self._slots.release(slot)
