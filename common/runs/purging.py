"""Emptying a queue: what waits in it is cancelled, and what has been started goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.documents import Conflict, Document, Query
from common.runs import transitions
from common.runs.batches import Batches
from common.runs.codec import RUNS, is_readable, read_run
from common.runs.ledger import Runs
from common.runs.places import LATER, READY
from common.runs.records import Run, State

__all__ = ["Purged", "purge"]

_PAGE = 200
"""Runs in one commit; what follows each of them is written by it, too."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What came of it."""

    cancelled: int
    """Runs that will not be started."""
    continued: tuple[Run, ...]
    """What was submitted because all runs of a batch have ended by it."""


def purge(runs: Runs, queue: str) -> Purged:
    """Cancel all runs that wait in a queue, due or not; those submitted meanwhile may stay."""
    cancelled: list[Run] = []
    for page in _pages(runs, queue):
        cancelled += _cancelled(runs, page)
    batches = {run.batch: None for run in cancelled if run.batch and run.awaited}
    found = [Batches(runs).continue_one(batch) for batch in batches]
    return Purged(len(cancelled), tuple(run for run in found if run is not None))


def _pages(runs: Runs, queue: str) -> Iterator[Sequence[Run]]:
    """What is due later comes first: should it ripen meanwhile, it is met among the ready."""
    for place in (LATER, READY):
        last: Document | None = None
        while True:
            query = Query(
                RUNS,
                where=(("place", "==", f"{queue} {place}"),),
                order=("due",),
                limit=_PAGE,
                after=last,
            )
            found = runs.documents.query(query)
            yield [read_run(document) for document in found if is_readable(document)]
            if len(found) < _PAGE:
                break
            last = found[-1]


def _cancelled(runs: Runs, page: Sequence[Run]) -> list[Run]:
    """The page's runs that were still waiting, cancelled."""
    now = runs.documents.now()
    try:
        return list(runs.commit_all([(run, _step(run, now)) for run in page])) if page else []
    except Conflict:  # one of them was taken meanwhile
        found = [runs.apply(run, lambda run: _step(run, now)) for run in page]
        return [run for run in found if run.state is State.CANCELLED]


def _step(run: Run, now: datetime) -> Run:
    return transitions.request_cancel(run, now=now) if run.state is State.PENDING else run
