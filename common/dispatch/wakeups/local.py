"""Wake-ups without a platform: timers among the documents, driven by `runjobs serve`."""

from __future__ import annotations

import threading
from datetime import timedelta

from common.dispatch.wakeups.base import Standing, Wakeup, Wakeups
from common.dispatch.wakeups.timers import Timers
from common.documents import Documents

__all__ = ["LocalWakeups"]

_STATE = ("wakeups", "local")
"""The document that says whether they are paused, apart from the timers, which are counted."""
_GRAIN = 2
_SLACK = 0.25
"""Both in the store's own interval between looks: a second on Firestore, a tenth of it here."""


class LocalWakeups(Wakeups):
    """Timers in a documents store. Who wants them to come runs a `Driver`."""

    driven = True

    def __init__(self, documents: Documents) -> None:
        interval = timedelta(seconds=documents.read_interval)
        super().__init__(now=documents.now, grain=interval * _GRAIN, slack=interval * _SLACK)
        self.documents = documents
        self.timers = Timers(documents)
        self.told = threading.Event()
        """Set when this process has set a timer, for its driver to see."""

    @property
    def paused(self) -> bool:
        """Whether all are held back."""
        found = self.documents.get(*_STATE)
        return bool(found and found.data["paused"])

    def pause(self) -> None:
        self.documents.update(*_STATE, lambda _: {"paused": True})

    def resume(self) -> None:
        self.documents.update(*_STATE, lambda _: {"paused": False})
        self.told.set()

    def describe(self) -> Standing:
        waiting, oldest = self.timers.count(), self.timers.next()
        return Standing(waiting=waiting, oldest=oldest, paused=self.paused)

    def check(self) -> None:
        self.documents.check()

    def _set(self, wakeup: Wakeup) -> None:
        self.timers.set(wakeup)
        self.told.set()

    def _drop(self) -> None:
        self.timers.clear()
