"""A slot at a provider without a turn, for what is under way there already."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from common.errors import Unavailable
from common.limits import SlotLost
from common.limits.held import Held

__all__ = ["Place"]


class Place:
    """One of the slots of a name, had as soon as there is one: each renewal looks."""

    def __init__(self, name: str, held: Held, most: Callable[[], int]) -> None:
        self._name, self._held, self._most = name, held, most
        self._is_over = False
        self._lock = threading.Lock()
        """Or a renewal that is on its way would have a slot that nobody frees."""
        with suppress(Unavailable):  # the next renewal may have more luck
            self.renew()

    def renew(self) -> None:
        """Keep the slot, or have one. Raises Unavailable where the store is."""
        with self._lock:
            if not self._is_over:
                self._renew()

    def release(self) -> None:
        """Free it."""
        with self._lock:
            self._is_over = True
            self._held.release()

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _renew(self) -> None:
        with suppress(SlotLost):  # then it takes another
            self._held.renew()
        if most := self._most():
            self._held.acquire(self._name, most)
