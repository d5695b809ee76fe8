"""Serving: one process that answers wake-ups and fires schedules, and sweeps once an hour whatever
else it does.

It keeps nothing in memory that matters: it may be killed at any moment, and several may serve one
ledger. Where the platform calls the dispatcher by itself, there is nothing here to drive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from common.backoff import backoff
from common.clock import SYSTEM, Clock
from common.dispatch.dispatcher import Dispatcher
from common.dispatch.schedules.cron import Cron
from common.dispatch.telling import tell_of_queue, tell_of_sweep
from common.dispatch.wakeups import Wakeup, Wakeups
from common.dispatch.wakeups.driver import Driver
from common.dispatch.wakeups.local import LocalWakeups
from common.errors import Misconfigured, Unavailable
from common.runtime.log import Log

__all__ = ["NET", "Server"]

NET = timedelta(hours=1)
"""From one sweep to the next, where no wake-up asks for one."""


class Server:
    """Answers the wake-ups of one ledger until it is stopped."""

    def __init__(  # noqa: PLR0913 - what drives it, and time
        self,
        dispatcher: Dispatcher,
        wakeups: Wakeups | None,
        *,
        cron: Cron | None = None,
        clock: Clock = SYSTEM,
        wait: Callable[[float], object] | None = None,
        net: timedelta = NET,
    ) -> None:
        """`cron` fires schedules, where no platform does. `wait` rests for so many seconds, or
        until there is something to do. Raises Misconfigured where no process has to drive the
        wake-ups."""
        if not isinstance(wakeups, LocalWakeups):
            raise Misconfigured(
                "RUNJOBS_WAKEUPS=cloud-tasks calls a dispatcher by itself; `runjobs serve` drives "
                "the timers of RUNJOBS_WAKEUPS=local."
            )
        self._dispatcher, self._net = dispatcher, net
        self._sweeping = _Chore("sweep", self._net_sweep, clock)
        self._chores = [self._sweeping, *([_Chore("cron", cron.turn, clock)] if cron else [])]
        self._rest = wait or wakeups.told.wait
        self._driver = Driver(wakeups, self._answer, wait=self._wait)
        self._over = False

    def run(self) -> None:
        """Serve until stopped. Raises Misconfigured when the store will never answer."""
        self._wait(0.0)
        self._driver.run()

    def stop(self) -> None:
        """Have `run` return once what is being done is done. A signal's handler may call it."""
        if not self._over:  # a second signal must not wait for what the first one holds
            self._over = True
            self._driver.stop()

    def _answer(self, wakeup: Wakeup) -> None:
        if wakeup.kind == "sweep":
            self._sweep()
        else:
            tell_of_queue(wakeup.name, self._dispatcher.answer(wakeup.name))

    def _wait(self, seconds: float) -> None:
        """Rest, unless it is time to do something unasked."""
        chore = min(self._chores, key=lambda each: each.left)
        if chore.left > 0:
            self._rest(min(chore.left, seconds))
        else:
            chore.turn()

    def _sweep(self) -> None:
        tell_of_sweep(self._dispatcher.sweep())
        self._sweeping.wait(self._net.total_seconds())

    def _net_sweep(self) -> float:
        self._sweep()
        return self._net.total_seconds()


class _Chore:
    """Something to do from time to time; again soon where the store is away."""

    def __init__(self, name: str, do: Callable[[], float], clock: Clock) -> None:
        """`do` returns the seconds until it is to be done again."""
        self._name, self._do, self._clock = name, do, clock
        self._at = clock.monotonic()
        self._failures = 0

    @property
    def left(self) -> float:
        """Seconds until it is time."""
        return self._at - self._clock.monotonic()

    def wait(self, seconds: float) -> None:
        """Let so much time go by from now on."""
        self._failures = 0
        self._at = self._clock.monotonic() + seconds

    def turn(self) -> None:
        """Do it."""
        try:
            self.wait(self._do())
        except Unavailable as error:
            self._failures += 1
            self._at = self._clock.monotonic() + backoff(self._failures, base=1.0, cap=60.0)
            message = f"The {self._name} has to wait: {error}"
            Log().warning(message, action=f"{self._name}-unavailable")
