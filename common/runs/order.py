"""Which runs go next: a pure function of what waits and whose turn it was.

Priorities are strict. Within one, tenants take turns by name, round and round; in its turn a tenant
starts as many runs as its weight says. Within a tenant the oldest goes first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from common.runs.records import Run

__all__ = ["Lane", "Turn", "fair", "lanes", "ring"]

Lane = Iterator[Run]
"""A tenant's runs that are ready, oldest first."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it was last in a queue's priority, and how many starts it has left of it."""

    tenant: str
    left: int = 0

    def goes_on(self, tenant: str) -> bool:
        """Whether it is still this tenant's turn."""
        return self.left > 0 and self.tenant == tenant


def fair(
    lanes: Mapping[str, Lane], count: int, turn: Turn | None, weights: Mapping[str, int]
) -> tuple[list[Run], Turn | None]:
    """The next runs, up to `count`, and whose turn it was then."""
    picked: list[Run] = []
    tenants = list(ring(lanes, turn))
    while tenants and len(picked) < count:
        for tenant in tuple(tenants):
            share = turn.left if turn and turn.goes_on(tenant) else weights.get(tenant, 1)
            wanted = min(share, count - len(picked))
            taken = list(islice(lanes[tenant], wanted))
            picked += taken
            if len(taken) < wanted:
                tenants.remove(tenant)  # it has no more
                share = len(taken)
            turn = Turn(tenant, share - len(taken)) if taken else turn
            if len(picked) >= count:
                break
    return picked, turn


def ring(tenants: Iterable[str], turn: Turn | None) -> Iterator[str]:
    """The tenants in the order in which they come: whoever has starts left, then the next name."""
    if turn is None:
        yield from sorted(tenants)
        return
    ordered = sorted(tenants)
    after = bisect_left(ordered, turn.tenant) if turn.left else bisect_right(ordered, turn.tenant)
    yield from ordered[after:]
    yield from ordered[:after]


def lanes(runs: Iterable[Run]) -> dict[str, Lane]:
    """Runs by tenant, oldest first."""
    found: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.due, run.id)):
        found.setdefault(run.tenant, []).append(run)
    return {tenant: iter(group) for tenant, group in found.items()}
