"""One shard of a rate, by the generic cell rate algorithm, in whole microseconds.

All that a shard knows is its theoretical arrival time: when it would be full again. Each permit
moves that on by one interval, and it may lie ahead of now by no more than what the shard saves up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from common.limits.rate import Rate

__all__ = ["Bucket", "micros", "moment"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_SLACK = 5_000_000
"""Containers' notions of server time differ by less than this."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a shard of a rate may give; times are microseconds since 1970."""

    interval: int
    """From one permit to the next, rounded up: never faster than the rate."""
    depth: int
    """How far ahead of now the arrival time may lie."""

    @classmethod
    def of(cls, rate: Rate) -> Bucket:
        """One of the rate's shards; they are all alike."""
        interval = -int(-rate.shards * 1_000_000 // rate.per_second)
        return cls(interval, rate.most * interval // rate.shards)

    def free(self, tat: int, now: int) -> int:
        """Permits to be had at once."""
        return max(0, (now + self.depth - max(tat, now)) // self.interval)

    def wait(self, tat: int, now: int) -> int:
        """Until there is a permit; 0 if there is one."""
        if self.is_stranded(tat, now):
            return self.interval
        return max(0, max(tat, now) + self.interval - self.depth - now)

    def taken(self, tat: int, now: int, count: int) -> int:
        """The arrival time after so many permits."""
        return max(tat, now) + count * self.interval

    def is_stranded(self, tat: int, now: int) -> bool:
        """Whether the arrival time is a slower rate's: at this one it cannot be that far ahead."""
        return tat > now + self.depth + _SLACK


def micros(time: datetime) -> int:
    """A time as microseconds since 1970."""
    return (time - _EPOCH) // _MICRO


def moment(microseconds: int) -> datetime:
    """Microseconds since 1970 as a time."""
    return _EPOCH + microseconds * _MICRO
