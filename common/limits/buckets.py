"""Permits at a rate that all containers share.

permit  leave to do one thing once
shard   a document that gives its share of a rate's permits: `rates/NAME.SHARD`. As there are at
        least as many as permits a second, none is written more than about once a second, however
        high the rate (but where the burst is smaller than the rate)
burst   permits that are saved up while nobody asks
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

from common.documents import Conflict, Documents, Query
from common.limits.bucket import micros
from common.limits.look import RATES, Look, Permits, Shard
from common.limits.rate import Rate

__all__ = ["RATES", "Buckets", "Permits"]


class Buckets:
    """The rates in a documents store. Safe to share among threads."""

    def __init__(self, documents: Documents, *, rng: Callable[[], float] = random.random) -> None:
        self._documents = documents
        self._rng = rng
        self._seen: dict[tuple[str, int], int] = {}
        """Arrival times only go forward, so the last ones seen tell where asking is in vain."""

    def ask(self, name: str, rate: Rate, wanted: int = 1) -> Permits:
        """The permits that may be had now, up to `wanted`; nothing is taken yet.

        They are taken by committing their writes. A Conflict then says that another was first:
        ask again.
        """
        look = Look(name, rate, micros(self._documents.now()))
        maybe = [shard for shard in range(rate.shards) if self._may_give(look, shard)]
        if not maybe or wanted < 1:
            return look.none(self._seen.get((name, shard), 0) for shard in range(rate.shards))
        if wanted == 1:
            shard = self._read(look, maybe[int(self._rng() * len(maybe))])
            if look.bucket.free(shard.tat, look.now):
                return look.some([shard], 1)
        return self._grant(look, self._all(look), wanted)

    def take(self, name: str, rate: Rate, wanted: int = 1) -> Permits:
        """Ask, and take what there is. Raises Unavailable where others keep getting in between."""

        def step() -> Permits:
            permits = self.ask(name, rate, wanted)
            if permits.writes:
                self._documents.commit(permits.writes)
            return permits

        return self._documents.optimistic(step)

    def _may_give(self, look: Look, shard: int) -> bool:
        tat, now = self._seen.get((look.name, shard), 0), look.now
        return bool(look.bucket.free(tat, now)) or look.bucket.is_stranded(tat, now)

    def _grant(self, look: Look, shards: list[Shard], wanted: int) -> Permits:
        # Whoever asks at the same time shall find others; and fewer writes where some give more.
        mixed = sorted(shards, key=lambda _: self._rng())
        mixed.sort(key=lambda shard: look.bucket.free(shard.tat, look.now), reverse=True)
        permits = look.some(mixed, wanted)
        if not permits.count:
            self._free_stranded(look, shards)
        return permits

    def _free_stranded(self, look: Look, shards: list[Shard]) -> None:
        """Where the rate was raised, have the shards count as empty by the new one."""
        writes = list(look.resets(shards))
        if writes:
            with suppress(Conflict):  # another has done it
                self._documents.commit(writes)

    def _read(self, look: Look, number: int) -> Shard:
        document = self._documents.get(RATES, look.id(number))
        return self._saw(look.name, Shard(number, document))

    def _all(self, look: Look) -> list[Shard]:
        query = Query(RATES, where=(("name", "==", look.name), ("shard", "<", look.rate.shards)))
        found = {document.id: document for document in self._documents.query(query)}
        return [
            self._saw(look.name, Shard(number, found.get(look.id(number))))
            for number in range(look.rate.shards)
        ]

    def _saw(self, name: str, shard: Shard) -> Shard:
        self._seen[name, shard.number] = shard.tat
        return shard
