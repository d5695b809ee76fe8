"""One look at a rate: what its shards give at one moment, and the writes that take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from common.documents import Create, Document, Update, Write
from common.limits.bucket import Bucket, micros, moment
from common.limits.rate import Rate

__all__ = ["RATES", "Look", "Permits", "Shard"]

RATES = "rates"
_MOST_WRITES = 200
"""Of permits in one commit: what they permit has to go in there too."""


@dataclass(frozen=True, slots=True)
class Permits:
    """What may be had now."""

    count: int
    """Granted, from 0 to as many as were wanted."""
    writes: tuple[Write, ...]
    """These take them: to be put in the same commit as what they permit."""
    wait: float
    """Seconds until at least one may be had; 0.0 where some are granted."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard as it was read."""

    number: int
    document: Document | None

    @property
    def tat(self) -> int:
        """Its theoretical arrival time, in microseconds since 1970."""
        return micros(self.document.data["tat"]) if self.document else 0


class Look:
    """One look at a rate, at one moment."""

    def __init__(self, name: str, rate: Rate, now: int) -> None:
        self.name, self.rate, self.now = name, rate, now
        self.bucket = Bucket.of(rate)

    def id(self, number: int) -> str:
        """The name of a shard's document."""
        return f"{self.name}.{number}"

    def none(self, tats: Iterable[int]) -> Permits:
        """No permits, and how long until there is one."""
        wait = min(self.bucket.wait(tat, self.now) for tat in tats)
        return Permits(0, (), wait / 1_000_000)

    def some(self, shards: list[Shard], wanted: int) -> Permits:
        """What the first of these shards give; those that give nothing come last."""
        writes: list[Write] = []
        left = wanted
        for shard in shards[:_MOST_WRITES]:
            count = min(left, self.bucket.free(shard.tat, self.now))
            if count < 1:
                break
            writes.append(self._write(shard, self.bucket.taken(shard.tat, self.now, count)))
            left -= count
        if not writes:
            return self.none(shard.tat for shard in shards)
        return Permits(wanted - left, tuple(writes), 0.0)

    def resets(self, shards: list[Shard]) -> Iterator[Write]:
        """Writes by which stranded shards count as empty."""
        for shard in shards[:_MOST_WRITES]:
            if self.bucket.is_stranded(shard.tat, self.now):
                yield self._write(shard, self.now + self.bucket.depth)

    def _write(self, shard: Shard, tat: int) -> Write:
        if shard.document is None:
            data = {"name": self.name, "shard": shard.number, "tat": moment(tat)}
            return Create(RATES, self.id(shard.number), data)
        return Update(RATES, shard.document.id, {"tat": moment(tat)}, shard.document.version)
