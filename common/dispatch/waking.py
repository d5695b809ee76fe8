"""Having somebody look later. It is a hint: where it cannot be given, a sweep looks."""

from __future__ import annotations

from datetime import UTC, datetime

from common.dispatch.sweep import SOON
from common.dispatch.wakeups import Wakeup, Wakeups
from common.errors import RunjobsError
from common.runtime.log import Log

__all__ = ["Waking"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Waking:
    """Sets wake-ups, where there are any."""

    def __init__(self, wakeups: Wakeups | None) -> None:
        self._wakeups = wakeups

    def look(self, queue: str, at: datetime) -> None:
        """Have a queue looked at then."""
        self._set(Wakeup(kind="queue", name=queue, at=at))

    def sweep(self, at: datetime) -> None:
        """Have all be swept then: all who ask for that meet on a grid, so that they stay one."""
        self._set(Wakeup(kind="sweep", name="", at=_EPOCH - (_EPOCH - at) // SOON * SOON))

    def _set(self, wakeup: Wakeup) -> None:
        if self._wakeups is None:
            return
        try:
            self._wakeups.schedule(wakeup)
        except RunjobsError as error:
            Log().warning(f"No wake-up was set: {error}", action="wakeup-not-set")
