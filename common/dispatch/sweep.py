"""The sweep: finds whatever was left undone, whoever was to do it and died.

One sweeps at a time, by a lease that ends by itself; two at once would only ask twice, as each of
their steps is a commit that one of them wins. A sweep says when the next one is needed: as long as
anything is under way or due, and never at rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from common.dispatch.dispatched import Dispatched
from common.dispatch.mending import Mending
from common.documents import Conflict, Create, Documents, Update
from common.errors import RunjobsError, Unavailable
from common.ids import random_id
from common.runs import Batches, Execution, Line, Retention, Run, Runs

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.dispatch.executors import Executor
    from common.dispatch.starting import Starting

__all__ = ["SOON", "Sweep", "Swept"]

LEASES = "leases"
_TERM = timedelta(seconds=30)
"""So long one that was killed keeps others away: no longer than until its starts are looked for."""
SOON = timedelta(seconds=15)
"""The least time from one sweep to the next."""
_OUTPUT = timedelta(days=7)
"""So long what tasks have printed on this machine is kept."""


@dataclass(kw_only=True, slots=True)
class Swept:
    """What a sweep did."""

    skipped: bool = False
    """Another was at it."""
    found: int = 0
    """Executions whose start had not been answered, and of which it is known now."""
    rescued: list[str] = field(default_factory=list)
    """Runs taken from tasks that were gone, or that never came."""
    started: list[str] = field(default_factory=list)
    """Runs for which executions were started."""
    continued: list[str] = field(default_factory=list)
    """Batches whose continuation was submitted."""
    removed: int = 0
    """Runs whose time was up."""
    troubles: list[str] = field(default_factory=list)
    """What went wrong; the rest was done all the same."""
    next: datetime | None = None
    """When to sweep again; None while nothing is under way."""


class Sweep:
    """Sweeps one ledger."""

    def __init__(  # noqa: PLR0913 - the parts of a dispatcher
        self,
        runs: Runs,
        executor: Executor,
        starting: Starting,
        dispatch: Callable[[str], Dispatched],
        *,
        blobs: Callable[[], Blobs] | None = None,
        missed: Callable[[], object] = lambda: None,
    ) -> None:
        """`dispatch` starts what is due in a queue, `missed` makes runs for what schedules have
        missed."""
        self._runs, self._executor, self._starting = runs, executor, starting
        self._dispatch, self._missed = dispatch, missed
        self._line = Line(runs.documents)
        self._batches = Batches(runs)
        self._retention = Retention(runs, blobs=blobs)

    def run(self) -> Swept:
        """Sweep once. Raises Unavailable where the store is away."""
        lease = _Lease(self._runs.documents)
        if not lease.take():
            return Swept(skipped=True, next=lease.until)
        swept = Swept()
        steps = (self._find, self._mend, self._make_up, self._start, self._continue, self._remove)
        try:
            for step in steps:
                self._do(step, swept)
            swept.next = self._next()
        finally:
            lease.give_up()
        return swept

    def _do(self, step: Callable[[Swept], None], swept: Swept) -> None:
        """One step; what goes wrong in it keeps no other from being done."""
        try:
            step(swept)
        except RunjobsError as error:
            swept.troubles.append(str(error))

    def _find(self, swept: Swept) -> None:
        for execution in self._runs.uncertain(self._runs.documents.now()):
            self._do(partial(self._find_one, execution), swept)

    def _find_one(self, execution: Execution, swept: Swept) -> None:
        self._starting.find_out(execution)
        swept.found += 1

    def _start_one(self, queue: str, swept: Swept) -> None:
        done = self._dispatch(queue)
        swept.started += done.started
        swept.troubles += [f"{_which(ids)}: {why}" for why, ids in done.by_error().items()]

    def _mend(self, swept: Swept) -> None:
        mending = Mending(self._runs, self._executor, once=True)
        for run in self._suspects():
            self._do(partial(self._mend_one, mending, run), swept)

    def _mend_one(self, mending: Mending, run: Run, swept: Swept) -> None:
        if mending.mend(run, ask=True) is not None:
            swept.rescued.append(run.id)
        else:
            mending.insist(run)

    def _suspects(self) -> Iterator[Run]:
        """Runs of which it is time to see whether their task is still there."""
        yield from self._runs.overdue()
        if self._executor.watchable:
            for queue in self._line.queues():
                yield from self._line.running(queue)

    def _make_up(self, _swept: Swept) -> None:
        self._missed()

    def _start(self, swept: Swept) -> None:
        for queue in self._line.queues():
            self._do(partial(self._start_one, queue), swept)

    def _continue(self, swept: Swept) -> None:
        swept.continued += self._batches.continue_all()

    def _remove(self, swept: Swept) -> None:
        swept.removed = self._retention.remove_expired()
        self._executor.tidy(self._runs.documents.now() - _OUTPUT)

    def _next(self) -> datetime | None:
        """When something will have to be looked at, if anything is under way."""
        now = self._runs.documents.now()
        moments = [run.due for queue in self._line.queues() if (run := self._line.soonest(queue))]
        if deadline := self._runs.next_deadline():
            moments.append(deadline)
        return max(min(moments), now + SOON) if moments else None


class _Lease:
    """The right to sweep, until it is given up or its term ends."""

    def __init__(self, documents: Documents) -> None:
        self._documents, self._holder = documents, random_id()
        self._version: str | None = None
        self.until: datetime = documents.now()
        """When another's term ends, who may have died in it."""

    def take(self) -> bool:
        now = self._documents.now()
        found = self._documents.get(LEASES, "sweep")
        data = {"holder": self._holder, "until": now + _TERM}
        if found is not None and found.data["until"] > now:
            self.until = found.data["until"]
            return False
        write = (
            Create(LEASES, "sweep", data)
            if found is None
            else Update(LEASES, "sweep", data, found.version)
        )
        try:
            (self._version,) = self._documents.commit([write])
        except Conflict:
            return False
        return True

    def give_up(self) -> None:
        ended = {"until": self._documents.now()}
        with suppress(Conflict, Unavailable):  # then its term ends
            self._documents.commit([Update(LEASES, "sweep", ended, self._version or "")])


def _which(ids: list[str]) -> str:
    more = f" and {len(ids) - 1:,} more" if len(ids) > 1 else ""
    return f"Run {ids[0]}{more} could not be started"
