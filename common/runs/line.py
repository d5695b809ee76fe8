"""What waits in a queue, read in the order in which it shall go.

Where little waits one query tells it all. Where much does, what is read grows with what is taken
and not with what waits: tenants are found one after the other by their names in the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from operator import itemgetter

from common.documents import Document, Documents, Query
from common.documents.query import Filter, Operator
from common.runs import transitions
from common.runs.codec import RUNS, is_readable, read_run, update
from common.runs.order import Lane, Turn, fair, lanes
from common.runs.places import ACTIVE, LATER, READY
from common.runs.queues import Queue
from common.runs.records import Run

__all__ = ["Depth", "Line", "Next"]

_GLANCE = 8, 64
"""Runs in a first look, the least and the most."""
_NAMES = 8
"""Runs in one look for the tenants that come next."""
_RIPEN = 400
"""Runs that ripen in one commit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Depth:
    """How many runs stand where in a queue."""

    ready: int
    later: int
    active: int


@dataclass(frozen=True, slots=True)
class Next:
    """The runs that go next, and whose turn it is then, by priority."""

    runs: list[Run]
    turns: Mapping[int, Turn]


class Line:
    """The runs of a documents store that wait."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def next(self, queue: Queue, count: int) -> Next:
        """The next runs of a queue, up to `count`, of which none is taken by this."""
        picked: list[Run] = []
        turns: dict[int, Turn] = {}
        above, width = -1, max(_GLANCE[0], min(count + 1, _GLANCE[1]))
        while len(picked) < count:
            found = self._glance(queue.name, above, width)
            for above, group in _by_priority(found):
                wanted, turn = count - len(picked), queue.turns.get(above)
                known = lanes(group)
                if len(found) == width and above == found[-1].priority:
                    known |= self._beyond(queue.name, group, turn, wanted)
                more, turn = fair(known, wanted, turn, queue.weights)
                picked += more
                if turn is not None:
                    turns[above] = turn
                if len(picked) >= count:
                    break
            if len(found) < width:
                break
        return Next(picked, turns)

    def ripen(self, queue: str, now: datetime) -> None:
        """Have those whose due time has come take their place among the ready."""
        while self._documents.optimistic(lambda: self._ripen(queue, now)) == _RIPEN:
            pass

    def active(self, queue: str) -> int:
        """How many runs are starting or running."""
        return self._count(queue, ACTIVE)

    def depth(self, queue: str) -> Depth:
        """How many runs stand where."""
        return Depth(
            ready=self._count(queue, READY),
            later=self._count(queue, LATER),
            active=self._count(queue, ACTIVE),
        )

    def oldest(self, queue: str) -> Run | None:
        """The run that has been ready for longest."""
        return next(iter(self._in(queue, READY, order=("due",), limit=1)), None)

    def soonest(self, queue: str) -> Run | None:
        """The run that is due next of those that are due later."""
        return next(iter(self._in(queue, LATER, order=("due",), limit=1)), None)

    def running(self, queue: str) -> list[Run]:
        """Those that are starting or running."""
        return self._in(queue, ACTIVE)

    def queues(self) -> list[str]:
        """The queues in which there is any run that has not ended."""
        found: list[str] = []
        place = ""
        while document := self._after(place):
            place = document.data["place"]
            found.append(document.data["queue"])
        return list(dict.fromkeys(found))

    # --- reading

    def _glance(self, queue: str, above: int, width: int) -> list[Run]:
        """The first ready runs of the priorities after that one, by priority and tenant."""
        return self._in(
            queue,
            READY,
            (("priority", ">", above),),
            order=("priority", "tenant", "due"),
            limit=width,
        )

    def _beyond(
        self, queue: str, seen: list[Run], turn: Turn | None, count: int
    ) -> dict[str, Lane]:
        """The lanes that a glance has not seen to their end, or not at all, as far as they are
        needed: of as many tenants as there may be starts, from the one whose turn it is."""
        last = seen[-1]
        found: dict[str, Lane] = {last.tenant: chain(_of(last.tenant, seen), self._lane(last))}
        start = max(last.tenant, turn.tenant if turn else "")
        resumed = turn is not None and turn.goes_on(start) and start != last.tenant
        operator: Operator = ">=" if resumed else ">"
        after = self._tenants(queue, last.priority, start, operator)
        for tenant, first in islice(after, count):
            found[tenant] = chain([first], self._lane(first))
        between = self._tenants(queue, last.priority, last.tenant, ">")
        for tenant, first in islice(between, max(0, count - len(found))):
            found.setdefault(tenant, chain([first], self._lane(first)))
        return found

    def _tenants(
        self, queue: str, priority: int, start: str, operator: Operator
    ) -> Iterator[tuple[str, Run]]:
        """Tenants with ready runs, by name, each with its oldest run."""
        while True:
            found = self._in(
                queue,
                READY,
                (("priority", "==", priority), ("tenant", operator, start)),
                order=("tenant", "due"),
                limit=_NAMES,
            )
            firsts = {run.tenant: run for run in reversed(found)}
            yield from sorted(firsts.items(), key=itemgetter(0))
            if len(found) < _NAMES:
                return
            start, operator = found[-1].tenant, ">"

    def _lane(self, last: Run) -> Lane:
        """What is ready of a tenant after that run, oldest first, read as it is taken."""
        limit = _NAMES
        where: tuple[Filter, ...] = (
            ("priority", "==", last.priority),
            ("tenant", "==", last.tenant),
        )
        while True:
            found = self._in(last.queue, READY, where, order=("due",), limit=limit, after=last)
            yield from found
            if len(found) < limit:
                return
            limit, last = min(2 * limit, 128), found[-1]

    def _in(  # noqa: PLR0913 - all that can be asked of a place
        self,
        queue: str,
        place: str,
        where: tuple[Filter, ...] = (),
        *,
        order: tuple[str, ...] = ("due",),
        limit: int | None = None,
        after: Run | None = None,
    ) -> list[Run]:
        query = Query(
            RUNS,
            where=(("place", "==", f"{queue} {place}"), *where),
            order=order,
            limit=limit,
            after=None if after is None else _position(after),
        )
        return [read_run(found) for found in self._documents.query(query) if is_readable(found)]

    def _count(self, queue: str, place: str) -> int:
        return self._documents.count(Query(RUNS, where=(("place", "==", f"{queue} {place}"),)))

    def _after(self, place: str) -> Document | None:
        query = Query(RUNS, where=(("place", ">", place),), order=("place", "due"), limit=1)
        return next(iter(self._documents.query(query)), None)

    def _ripen(self, queue: str, now: datetime) -> int:
        found = self._in(queue, LATER, (("due", "<=", now),), limit=_RIPEN)
        steps = [(run, transitions.ripen(run, now=now)) for run in found]
        if steps:
            self._documents.commit([update(old, new) for old, new in steps])
        return len(found)


def _by_priority(runs: list[Run]) -> list[tuple[int, list[Run]]]:
    found: dict[int, list[Run]] = {}
    for run in runs:
        found.setdefault(run.priority, []).append(run)
    return list(found.items())


def _of(tenant: str, runs: list[Run]) -> list[Run]:
    return [run for run in runs if run.tenant == tenant]


def _position(run: Run) -> Document:
    return Document(RUNS, run.id, {"due": run.due}, version="", token="")
