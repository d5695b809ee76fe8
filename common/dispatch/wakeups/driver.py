"""What brings local wake-ups: a loop in as many processes as one likes.

At rest it asks the store for one document each half second (five on Firestore), and writes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from common.backoff import backoff
from common.dispatch.wakeups.base import Handler
from common.dispatch.wakeups.local import LocalWakeups
from common.dispatch.wakeups.timers import LEASE, Held
from common.errors import Unavailable
from common.runtime.log import Log

__all__ = ["Driver"]

_LOOKS = 5
"""Between looks for timers that other processes set, in the store's own interval between looks."""
_AGAIN = 1.0
_CAP = 60.0
"""Seconds until a wake-up whose handler failed comes again, at first and at most."""


class Driver:
    """Calls a handler for each wake-up at its moment, or after it.

    Each is answered at least once, also when the process that has taken it is killed, and by one
    process unless answering takes longer than `lease`. Those of one queue that are due together are
    answered by one call.
    """

    def __init__(
        self,
        wakeups: LocalWakeups,
        handler: Handler,
        *,
        lease: timedelta = LEASE,
        wait: Callable[[float], object] | None = None,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._wakeups = wakeups
        self._timers = wakeups.timers
        self._handler = handler
        self._lease = lease
        self._wait = wait or wakeups.told.wait
        self._rng = rng
        self._poll = _LOOKS * wakeups.documents.read_interval
        self._failures = 0
        self._over = False

    def run(self) -> None:
        """Go on until stopped. Raises Misconfigured when the store will never answer."""
        while True:
            self._wakeups.told.clear()
            if self._over:
                return
            pause = self._patient_turn()
            if pause > 0:
                self._wait(pause)

    def stop(self) -> None:
        """Have `run` return when the call that is under way has ended."""
        self._over = True
        self._wakeups.told.set()

    def turn(self) -> float:
        """Answer what is due for one queue; returns the seconds until there may be more to do."""
        now = self._wakeups.documents.now()
        first = self._timers.next()
        if first is None or first > now:
            return self._until(first, now)
        if self._wakeups.paused:
            return self._poll
        if held := self._take(now):
            self._answer(held)
        return 0.0

    def _patient_turn(self) -> float:
        try:
            pause = self.turn()
        except Unavailable as error:
            self._failures += 1
            Log().warning(f"Wake-ups have to wait: {error}", action="wakeups-unavailable")
            return backoff(self._failures, base=self._poll, cap=_CAP, rng=self._rng)
        self._failures = 0
        return pause

    def _until(self, first: datetime | None, now: datetime) -> float:
        return min(self._poll, (first - now).total_seconds()) if first else self._poll

    def _take(self, now: datetime) -> Held | None:
        """Any that is due: where many processes look, they had better not all want the first."""
        groups = self._timers.due(now)
        if not groups:
            return None
        group = groups[int(self._rng() * len(groups))]
        return self._timers.take(group, until=now + self._lease)

    def _answer(self, held: Held) -> None:
        try:
            self._handler(held.wakeup)
        except Exception as error:  # noqa: BLE001 - whatever it was, the hint must not be lost
            self._put_back(held, error)
        else:
            self._timers.done(held)

    def _put_back(self, held: Held, error: Exception) -> None:
        seconds = backoff(held.tries, base=_AGAIN, cap=_CAP, rng=self._rng)
        Log().warning(
            f"A wake-up failed and comes again in {seconds:.0f} s: {error!r}",
            action="wakeup-failed",
            kind=held.wakeup.kind,
            name=held.wakeup.name,
        )
        self._timers.put_back(held, self._wakeups.documents.now() + timedelta(seconds=seconds))
