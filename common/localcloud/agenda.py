"""What the local cloud does by itself, when its time has come: deliver tasks, fire schedules."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from common.errors import Unavailable
from common.runtime.log import Log

__all__ = ["Agenda", "Clockwork"]

_POLL = 1.0
"""Seconds between looks at what other processes may have put on an agenda."""


class Agenda(Protocol):
    """Something that is due from time to time."""

    def turn(self) -> float:
        """Do what is due; returns the seconds until there may be more to do."""
        ...


class Clockwork:
    """Goes on with all agendas, in a thread of its own, until it is stopped."""

    def __init__(self, agendas: Sequence[Agenda] = ()) -> None:
        self.agendas = agendas
        self.at_end: list[Callable[[], None]] = []
        """What is done once no agenda has a turn any more."""
        self._told = threading.Event()
        self._over = False
        self._failures: dict[int, int] = {}
        self._thread = threading.Thread(target=self._run, daemon=True, name="local-cloud")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def tell(self) -> None:
        """There may be something to do."""
        self._told.set()

    def stop(self) -> None:
        """End once what is being done is done."""
        self._over = True
        self._told.set()
        if self._thread.is_alive():
            self._thread.join()
        for end in self.at_end:
            end()

    def _run(self) -> None:
        while not self._over:
            self._told.clear()
            pause = self._turn()
            if pause > 0 and not self._over:
                self._told.wait(min(pause, _POLL))

    def _turn(self) -> float:
        return min(map(self._turn_of, range(len(self.agendas))), default=_POLL)

    def _turn_of(self, number: int) -> float:
        try:
            pause = self.agendas[number].turn()
        except Unavailable as error:
            message, action = f"The local cloud has to wait: {error}", "cloud-unavailable"
        except Exception as error:  # noqa: BLE001 - whatever it was, time goes on for the others
            message, action = f"The local cloud has a fault: {error!r}", "cloud-fault"
        else:
            self._failures.pop(number, None)
            return pause
        failures = self._failures[number] = self._failures.get(number, 0) + 1
        if failures & (failures - 1) == 0:  # told ever more seldom: 1, 2, 4, 8, …
            Log().warning(message, action=action)
        return _POLL
