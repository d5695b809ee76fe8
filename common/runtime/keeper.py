"""Renews what a job's function holds at a provider, in a thread beside it."""

from __future__ import annotations

import threading
from typing import Protocol
from weakref import WeakSet

from common.errors import RunjobsError
from common.limits import Limits, SlotLost
from common.runtime.log import Log

__all__ = ["Keeper"]

_RENEWALS = 4
"""In one term: three may be missed. Held.renew writes no more often than that."""


class Holding(Protocol):
    """What may be kept: it costs nothing to renew what was released, or is fresh."""

    def renew(self) -> None:
        """Hold it for another term."""


class Keeper:
    """Renews what is held of one limiter, as long as anyone knows of it."""

    def __init__(self, limits: Limits) -> None:
        self._name = limits.name
        self._every = limits.term.total_seconds() / _RENEWALS
        self._held: WeakSet[Holding] = WeakSet()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def keep(self, holding: Holding) -> None:
        """Have it renewed from now on."""
        with self._lock:
            self._held.add(holding)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="keeper")
                self._thread.start()

    def close(self) -> None:
        """Renew nothing any more."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(self._every):
            self._renew_all()

    def _renew_all(self) -> None:
        with self._lock:
            held = list(self._held)
        for holding in held:
            self._renew(holding)

    def _renew(self, holding: Holding) -> None:
        try:
            holding.renew()
        except SlotLost as error:
            Log().warning(f"{error}", action="slot-lost")
        except RunjobsError as error:
            Log().warning(f"A slot of {self._name} is not renewed: {error}", action="slot-missed")
