"""Calls under way in this process, each in a thread, whose claims are renewed while they last.

claim   the right to make a call, until a time in the store's clock. While the process lives it is
        renewed; killed, it runs out, and another process, or the next, makes the call again
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from common.errors import RunjobsError
from common.localcloud.answers import Answer
from common.runtime.log import Log

__all__ = ["CLAIM", "Deliveries"]

CLAIM = timedelta(seconds=30)
_RENEW = CLAIM.total_seconds() / 3
_GRACE = 1.0
"""Seconds that calls may yet take when the process is to end."""
_MOST = 200
"""At once in a process, whatever queues allow: each is a thread."""


class Deliveries:
    """The calls. `start` is how a thread is started, and `monotonic` the time within a process."""

    def __init__(
        self,
        *,
        tell: Callable[[], None],
        start: Callable[[Callable[[], None]], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._start = start or _thread
        self._monotonic = monotonic
        self._over = False
        self._change = threading.Condition()
        self._renewals: dict[object, tuple[float, Callable[[], None]]] = {}

    @property
    def free(self) -> int:
        """How many more there may be."""
        return _MOST - len(self._renewals)

    def begin(
        self,
        call: Callable[[], Answer],
        note: Callable[[Answer], None],
        renew: Callable[[], None],
    ) -> None:
        """Have a call made and what comes of it noted; until then its claim is renewed."""
        key = object()
        with self._change:
            self._renewals[key] = (self._monotonic(), renew)
        self._start(lambda: self._work(key, call, note))

    def renew(self) -> None:
        """Renew the claims that have not been for some time. Raises Unavailable."""
        now = self._monotonic()
        with self._change:
            found = list(self._renewals.items())
        for key, (at, renew) in found:
            if now - at >= _RENEW:
                renew()
                self._renewed(key, now)

    def wait(self, seconds: float) -> bool:
        """Whether within that time none is under way."""
        with self._change:
            return self._change.wait_for(lambda: not self._renewals, seconds)

    def stop(self) -> None:
        """Wait a moment for those under way. What comes of the others later is not noted: they are
        made again."""
        self.wait(_GRACE)
        with self._change:
            self._over = True

    def _work(
        self, key: object, call: Callable[[], Answer], note: Callable[[Answer], None]
    ) -> None:
        try:
            answer = call()
            if not self._over:
                note(answer)
        except RunjobsError as error:  # its claim runs out, and the call is made again
            Log().warning(f"What came of a call was not noted: {error}", action="call-not-noted")
        finally:
            self._ended(key)

    def _renewed(self, key: object, at: float) -> None:
        with self._change:
            if key in self._renewals:
                self._renewals[key] = (at, self._renewals[key][1])

    def _ended(self, key: object) -> None:
        with self._change:
            del self._renewals[key]
            self._change.notify_all()
        self._tell()


def _thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True, name="delivery").start()
