"""The seam to what wakes the dispatcher up.

wake-up   a durable timer that says "look at this queue now", or "sweep now". It is a hint, never
          the work itself: lost, doubled or late it costs latency only, as a sweep finds what it
          would have found
moment    when a wake-up is set to come: what was asked for, rounded up to the grain, so that all
          who ask for the same within it set one timer. It lies ahead of whoever asks, so that the
          one who answers sees everything that was written before the asking
slack     by how much the clocks of those who ask and of what keeps the timers may differ: no
          moment is set nearer than that
handler   the function that answers a wake-up; one that failed is called again later
driven    whether a process has to drive the timers (`Driver`); else the platform calls by itself
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

__all__ = ["FARTHEST", "Handler", "Kind", "Standing", "Wakeup", "Wakeups"]

Kind = Literal["queue", "sweep"]

FARTHEST = timedelta(days=30)
"""What Cloud Tasks takes. What is asked for beyond comes in about that time, also where it could
wait for longer: whoever then finds nothing due asks for the next one."""
_MARGIN = timedelta(minutes=1)
_FAR_GRAIN = timedelta(hours=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wakeup:
    """One hint."""

    kind: Kind
    name: str
    """The queue to look at; a sweep has the name of what it sweeps, or none."""
    at: datetime
    """Not before then; a time that has passed means at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How the wake-ups stand."""

    waiting: int
    """Those that are set and not yet answered, the ones being answered included."""
    oldest: datetime | None
    """When the next of them comes, or should have come."""
    paused: bool


Handler = Callable[[Wakeup], object]


class Wakeups(ABC):
    """Sets timers. Safe to share among threads.

    Every method raises Unavailable when the platform did not answer, and Misconfigured when it
    never will. After Unavailable a wake-up may have been set.
    """

    driven = False

    def __init__(
        self, *, now: Callable[[], datetime], grain: timedelta, slack: timedelta = timedelta(0)
    ) -> None:
        self.grain = grain
        self.slack = slack
        self._now = now
        self._last: dict[tuple[str, str], datetime] = {}

    def schedule(self, wakeup: Wakeup) -> None:
        """Have the wake-up come at its moment; asking again for the same moment changes nothing."""
        moment = self._moment(wakeup.at)
        key = (wakeup.kind, wakeup.name)
        if self._last.get(key) != moment:  # a moment lies ahead, so what was set for it still waits
            self._set(replace(wakeup, at=moment))
            self._last[key] = moment

    def purge(self) -> None:
        """Drop all that are waiting; one that is being answered may yet come again."""
        self._last.clear()
        self._drop()

    @abstractmethod
    def pause(self) -> None:
        """Hold all wake-ups back, those to come included."""

    @abstractmethod
    def resume(self) -> None:
        """Let come what was held back."""

    @abstractmethod
    def describe(self) -> Standing:
        """How they stand."""

    @abstractmethod
    def check(self) -> None:
        """Raise Misconfigured if wake-ups could not be set; set none."""

    # What a backend does besides.

    @abstractmethod
    def _set(self, wakeup: Wakeup) -> None:
        """Set a timer for a moment, unless the same is set already."""

    @abstractmethod
    def _drop(self) -> None: ...

    def _moment(self, at: datetime) -> datetime:
        now = self._now()
        last = _rounded_down(now + FARTHEST - _MARGIN, _FAR_GRAIN)
        return _rounded_up(max(min(at, last), now + self.slack), self.grain)


def _rounded_up(time: datetime, grain: timedelta) -> datetime:
    return _EPOCH - (_EPOCH - time) // grain * grain


def _rounded_down(time: datetime, grain: timedelta) -> datetime:
    return _EPOCH + (time - _EPOCH) // grain * grain
