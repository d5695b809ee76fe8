"""What became of the calls that a limiter let through, added up over all containers.

Each process counts in memory and adds that, seldom, to one of a few documents of the hour:
`limiter_hours/NAME.HOUR.SHARD`. They carry `expires`, after which nobody needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from common.documents import Documents, Query

__all__ = ["HOURS", "Counts", "Statistics", "add", "statistics"]

HOURS = "limiter_hours"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Sums over some time."""

    calls: int = 0
    """Turns that were given."""
    at_once: int = 0
    """Of these, without waiting."""
    waited: int = 0
    """Of these, after waiting."""
    missed: int = 0
    """Turns that could not be had in the time there was; not among the calls."""
    wait_seconds: float = 0.0
    """Waited for the turns that were given, all together."""
    throttled: int = 0
    """Calls that the provider refused as too many."""
    failed: int = 0
    """Calls that failed otherwise."""
    answered: int = 0
    """Calls that ended well, or whose answer was noted."""
    answer_seconds: float = 0.0
    """What these took, all together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistics(Counts):
    """Sums of a limiter, and what they come to."""

    name: str
    hours: int
    """This one and those before that are summed up."""

    @property
    def efficiency(self) -> float:
        """From 0 to 1: the calls that were not throttled, as a share of all, times the time that
        answers took, as a share of that and the waiting for turns. 1 where nothing was called.

        Above 0.9 the limits are seldom felt.
        """
        unthrottled = 1 - min(self.throttled, self.calls) / self.calls if self.calls else 1.0
        spent = self.answer_seconds + self.wait_seconds
        return unthrottled * (self.answer_seconds / spent if self.wait_seconds else 1.0)

    @property
    def mean_wait(self) -> float:
        """Seconds that a call waited for its turn."""
        return self.wait_seconds / self.calls if self.calls else 0.0

    @property
    def mean_answer(self) -> float:
        """Seconds that an answer took."""
        return self.answer_seconds / self.answered if self.answered else 0.0


def statistics(documents: Documents, name: str, *, hours: int = 24) -> Statistics:
    """What all containers have said of this hour and those before it.

    A process says it once a minute, and when its limiter is closed.
    """
    now = documents.now()
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours - 1)
    found = documents.query(
        Query(HOURS, where=(("name", "==", name), ("hour", ">=", since)), order=("hour",))
    )
    total: Mapping[str, Any] = {}
    for document in found:
        total = add(total, document.data)
    return Statistics(name=name, hours=hours, **total)


def add(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The counts of both together; what else is in them is left out."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in _NAMES}


_NAMES = tuple(field.name for field in fields(Counts))
