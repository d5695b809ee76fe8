"""One person's data, removed in an order that a kill anywhere leaves to be gone on with.

What would make new data is held first: automations, consents, runs. What tells that something else
is the person's goes after that: a run after those that came of it, an automation, a creation or a
job after the runs. Each document goes after its blobs, and the person's own one last of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from common.documents import Document
from common.maintenance.stopping import stop
from common.words import several
from jobs.opt_out_data_cleanup.folders import own
from jobs.opt_out_data_cleanup.holding import Holding
from jobs.opt_out_data_cleanup.imported import item, items
from jobs.opt_out_data_cleanup.owned import left_by, owned, uncharged
from jobs.opt_out_data_cleanup.removing import Removing
from jobs.opt_out_data_cleanup.traces import Trace, Traces, traces
from jobs.opt_out_data_cleanup.where import (
    BATCHES,
    FOLDERS,
    IMPORTS,
    OF_TENANTS,
    RUNS,
    SIMPLE,
    USAGE,
)

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.opt_out_data_cleanup.person import People, Person
    from jobs.opt_out_data_cleanup.tally import Tally

__all__ = ["Forgetting"]


class Forgetting:
    """That of one person. One thread uses it."""

    def __init__(
        self, person: Person, tally: Tally, run: Context, people: People, patience: timedelta
    ) -> None:
        """`patience` is how long after the opting out a consent waits for Google to take it."""
        self._person, self._tally, self._people = person, tally, people
        self._documents, self._blobs = run.documents, run.blobs
        self._removing = Removing(person, tally, run)
        insists = run.documents.now() < person.opted_out + patience
        self._holding = Holding(person, tally, run, self._removing, insists=insists)
        self.has_unfinished = False
        """Whether runs were cancelled that have not ended yet."""

    def forget(self) -> list[str]:
        """Remove what there is; returns why something had to stay.

        It ends early where the person is not whom it was taken for any more: who has thought better
        of it, or is not a tenant's last since somebody came.
        """
        self._holding.automations()
        reasons = [*self._holding.consents()]
        for step in (self._forget_runs, self._forget_files, self._forget_rest):
            if self.has_unfinished or not self._is_as_known():
                break
            reasons += step()
        return reasons

    def _is_as_known(self) -> bool:
        found = self._people.find(self._person.id)
        return found is not None and found[0] == self._person

    # --- runs

    def _forget_runs(self) -> Iterator[str]:
        found = traces(self._documents, self._blobs, self._person)
        if unfinished := self._stop(found):
            self.has_unfinished = True
            yield f"{several(unfinished, 'run')} not ended yet"
            return
        self._removing.filed(left_by(self._documents, self._person, found.ids))
        for level in reversed(found.levels):
            self._removing.runs(map(_document, level))

    def _stop(self, found: Traces) -> int:
        """Cancel what has not ended, with what would follow it; returns how many go on yet."""
        batches = [self._documents.get(BATCHES, id) for id in sorted(found.batches)]
        self._tally.remove(filter(None, batches), lambda _: True)
        return sum(not stop(self._documents, id) for id in found.unfinished)

    # --- files

    def _forget_files(self) -> Iterator[str]:
        for collection in FOLDERS:
            self._removing.filed(owned(self._documents, collection, self._person))
        for one in items(self._documents, self._blobs, self._person):
            self._tally.remove_blobs(filter(self._blobs.stat, one.paths))
            self._documents.optimistic(partial(self._leave, one.document.id))
        self._removing.blobs(own(self._person))
        yield from ()

    def _leave(self, id: str) -> None:
        """Take the person out of an item that was imported."""
        found = self._documents.get(IMPORTS, id)
        if found is not None and (one := item(found, self._person)) is not None:
            self._tally.forget([one.write], {IMPORTS: 1})

    # --- the rest

    def _forget_rest(self) -> Iterator[str]:
        """Usage goes once all is reported that somebody pays for."""
        if reason := uncharged(self._documents, self._person):
            yield reason
        else:
            for collection in USAGE:
                self._removing.documents(owned(self._documents, collection, self._person))
        for collection in (*SIMPLE, *OF_TENANTS):
            self._removing.documents(owned(self._documents, collection, self._person))


def _document(trace: Trace) -> Document:
    return Document(RUNS, trace.id, {}, trace.version, "")
