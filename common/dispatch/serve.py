"""Serving: one process that answers wake-ups, and sweeps once an hour whatever they say.

It keeps nothing in memory that matters: it may be killed at any moment, and several may serve one
ledger. Where the platform calls the dispatcher by itself, there is nothing here to drive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from common.backoff import backoff
from common.clock import SYSTEM, Clock
from common.dispatch.dispatched import Dispatched
from common.dispatch.dispatcher import Dispatcher
from common.dispatch.sweep import Swept
from common.dispatch.wakeups import Wakeup, Wakeups
from common.dispatch.wakeups.driver import Driver
from common.dispatch.wakeups.local import LocalWakeups
from common.errors import Misconfigured, RunjobsError, Unavailable
from common.runtime.log import Log

__all__ = ["NET", "Server"]

NET = timedelta(hours=1)
"""From one sweep to the next, where no wake-up asks for one."""


class Server:
    """Answers the wake-ups of one ledger until it is stopped."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        wakeups: Wakeups | None,
        *,
        clock: Clock = SYSTEM,
        wait: Callable[[float], object] | None = None,
        net: timedelta = NET,
    ) -> None:
        """`wait` rests for so many seconds, or until there is something to do. Raises Misconfigured
        where no process has to drive the wake-ups."""
        if not isinstance(wakeups, LocalWakeups):
            raise Misconfigured(
                "RUNJOBS_WAKEUPS=cloud-tasks calls a dispatcher by itself; `runjobs serve` drives "
                "the timers of RUNJOBS_WAKEUPS=local."
            )
        self._dispatcher, self._clock, self._net = dispatcher, clock, net
        self._rest = wait or wakeups.told.wait
        self._driver = Driver(wakeups, self._answer, wait=self._wait)
        self._log = Log()
        self._sweep_at = clock.monotonic()
        self._failures = 0
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
            self._tell_of(wakeup.name, self._dispatcher.answer(wakeup.name))

    def _wait(self, seconds: float) -> None:
        """Rest, unless it is time to sweep unasked."""
        left = self._sweep_at - self._clock.monotonic()
        if left > 0:
            self._rest(min(left, seconds))
            return
        try:
            self._sweep()
        except Unavailable as error:
            self._failures += 1
            self._sweep_in(backoff(self._failures, base=1.0, cap=60.0))
            self._log.warning(f"The sweep has to wait: {error}", action="sweep-unavailable")

    def _sweep(self) -> None:
        swept = self._dispatcher.sweep()
        self._failures = 0
        self._sweep_in(self._net.total_seconds())
        self._tell(swept)

    def _sweep_in(self, seconds: float) -> None:
        self._sweep_at = self._clock.monotonic() + seconds

    def _tell_of(self, queue: str, done: Dispatched) -> None:
        if done.started:
            message = f"Started {_runs(done.started)} of {queue}."
            self._log.info(message, action="dispatched", queue=queue, runs=done.started)
        for error, ids in _by_error(done.refused).items():
            message = f"Could not start {_runs(ids)} of {queue}: {error}"
            self._log.warning(message, action="not-started", queue=queue, runs=ids)

    def _tell(self, swept: Swept) -> None:
        done = {
            "found": swept.found,
            "rescued": len(swept.rescued),
            "started": len(swept.started),
            "continued": len(swept.continued),
            "removed": swept.removed,
        }
        if any(done.values()):
            said = {name: count for name, count in done.items() if count}
            self._log.info("Swept.", action="swept", **said)
        for trouble in swept.troubles:
            self._log.warning(f"Not all could be swept: {trouble}", action="sweep-trouble")


def _runs(ids: list[str]) -> str:
    return "1 run" if len(ids) == 1 else f"{len(ids):,} runs"


def _by_error(refused: dict[str, RunjobsError]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id, error in refused.items():
        found.setdefault(str(error), []).append(id)
    return found
