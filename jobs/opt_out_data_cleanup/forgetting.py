"""One person's data, removed in an order that a kill anywhere leaves to be gone on with.

What would make new data is held first: automations, consents, runs. What tells that something else
is the person's goes after that: a run after those that came of it, an automation, a creation or a
job after the runs. Each document goes after its blobs, and the person's own one last of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from common.automations.store import AUTOMATIONS
from common.data.usage import USAGE_COUNTERS, USAGE_EVENTS
from common.documents import Delete, Document
from common.integrations import COLLECTION as INTEGRATIONS
from common.integrations.integration import integration_of
from common.maintenance.stopping import stop
from jobs.opt_out_data_cleanup.consent import give_back
from jobs.opt_out_data_cleanup.folders import Folders, own
from jobs.opt_out_data_cleanup.imported import item, items
from jobs.opt_out_data_cleanup.looking import look
from jobs.opt_out_data_cleanup.owned import lease_of, left_by, owned, uncharged
from jobs.opt_out_data_cleanup.tally import lumps
from jobs.opt_out_data_cleanup.traces import Trace, Traces, traces
from jobs.opt_out_data_cleanup.where import (
    BATCHES,
    ENDED,
    FOLDERS,
    IMPORTS,
    OF_TENANTS,
    RUNS,
    SIMPLE,
)

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.opt_out_data_cleanup.person import Person
    from jobs.opt_out_data_cleanup.tally import Tally

__all__ = ["Forgetting", "told"]

_AT_ONCE = 100
"""Documents whose blobs are looked for before they go."""
_ROUNDS = 3
"""Looks at what may have come meanwhile."""


class Forgetting:
    """That of one person. One thread uses it."""

    def __init__(self, person: Person, tally: Tally, run: Context, *, patience: timedelta) -> None:
        """`patience` is how long after the opting out a consent waits for Google to take it."""
        self._person, self._tally, self._run = person, tally, run
        self._documents, self._blobs = run.documents, run.blobs
        self._insists = run.documents.now() < person.opted_out + patience
        self._folders = Folders(run.documents, person)
        self.has_unfinished = False
        """Whether runs were cancelled that have not ended yet."""

    def forget(self) -> list[str]:
        """Remove all there is; returns why something had to stay."""
        for _ in range(_ROUNDS):
            if reasons := [*self._once()]:
                return reasons
            left = look(self._documents, self._blobs, self._person)
            if not left:
                return []
        return [f"more came while it was removed ({told(left)})"]

    def _once(self) -> Iterator[str]:
        self._hold_automations()
        yield from self._consents()
        found = traces(self._documents, self._person)
        if unfinished := self._stop(found):
            self.has_unfinished = True
            yield f"{unfinished:,} runs have not ended yet"
            return
        self._remove_runs(found)
        self._remove_files()
        yield from self._remove_usage()
        for collection in (*SIMPLE, *OF_TENANTS):
            self._remove(owned(self._documents, collection, self._person))

    def _hold_automations(self) -> None:
        for document in owned(self._documents, AUTOMATIONS, self._person):
            if document.data.get("enabled"):
                self._documents.update(
                    AUTOMATIONS, document.id, lambda it: {"enabled": False} if it else None
                )

    # --- consents

    def _consents(self) -> Iterator[str]:
        for document in owned(self._documents, INTEGRATIONS, self._person):
            if why := self._documents.optimistic(partial(self._consent, document.id)):
                yield f"a consent has to stay: {why}"

    def _consent(self, id: str) -> str:
        """Forget one; returns why not."""
        found = self._documents.get(INTEGRATIONS, id)
        if found is None or not self._person.owns(found):
            return ""
        failure = give_back(integration_of(found), self._run)
        if failure and self._insists:
            return str(failure).rstrip(".")
        going = [found, *filter(None, [lease_of(self._documents, id)])]
        self._tally.forget(
            [Delete(each.collection, each.id, each.version) for each in going],
            {each.collection: 1 for each in going},
            unrevoked=self._tally.unrevoked + bool(failure),
        )
        return ""

    # --- runs

    def _stop(self, found: Traces) -> int:
        """Cancel what has not ended, with what would follow it; returns how many go on yet."""
        batches = [self._documents.get(BATCHES, id) for id in sorted(found.batches)]
        self._tally.remove(filter(None, batches), lambda _: True)
        return sum(not stop(self._documents, id) for id in found.unfinished)

    def _remove_runs(self, found: Traces) -> None:
        self._remove_filed(left_by(self._documents, self._person, found.ids))
        for level in reversed(found.levels):
            for some in lumps(level, _AT_ONCE):
                self._run.check()
                self._tally.remove_blobs(self._below(f"runs/{each.id}" for each in some))
                self._tally.remove(map(_document, some), _is_over)

    # --- files

    def _remove_files(self) -> None:
        for collection in FOLDERS:
            self._remove_filed(owned(self._documents, collection, self._person))
        for one in items(self._documents, self._blobs, self._person):
            self._tally.remove_blobs(filter(self._blobs.stat, one.paths))
            self._documents.optimistic(partial(self._leave, one.document.id))
        self._tally.remove_blobs(self._below(own(self._person)))

    def _remove_filed(self, found: Iterable[Document]) -> None:
        """Documents that name a folder, after what is in it."""
        for some in lumps(found, _AT_ONCE):
            self._run.check()
            claimed = filter(None, map(self._folders.claimed, some))
            self._tally.remove_blobs(self._below(claimed))
            self._remove(some)

    def _leave(self, id: str) -> None:
        """Take the person out of an item that was imported."""
        found = self._documents.get(IMPORTS, id)
        if found is not None and (one := item(found, self._person)) is not None:
            self._tally.forget([one.write], {IMPORTS: 1})

    def _below(self, folders: Iterable[str]) -> Iterator[str]:
        for folder in folders:
            yield from [blob.path for blob in self._blobs.list(f"{folder}/")]

    # --- the rest

    def _remove_usage(self) -> Iterator[str]:
        """Counters and events, once all is reported that somebody pays for."""
        if left := uncharged(self._documents, self._person):
            yield f"{left:,} usage events have to be reported to Stripe first"
            return
        for collection in (USAGE_COUNTERS, USAGE_EVENTS):
            self._remove(owned(self._documents, collection, self._person))

    def _remove(self, found: Iterable[Document]) -> None:
        self._tally.remove(found, self._is_still)

    def _is_still(self, document: Document) -> bool:
        return self._person.owns(document) or not document.data.get("user")


def told(counts: Mapping[str, int]) -> str:
    """Counts in words: `blobs 12, runs 3`."""
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()) if number)


def _document(trace: Trace) -> Document:
    return Document(RUNS, trace.id, {}, trace.version, "")


def _is_over(document: Document) -> bool:
    return document.data.get("state") in ENDED
