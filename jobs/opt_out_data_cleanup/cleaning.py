"""Everybody who opted out long enough ago: removed, told, or asked about."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from common.data.users import USERS
from common.documents import Query
from common.integrations import Cipher
from common.maintenance import Change, Upkeep
from common.runtime import Retryable
from common.words import several
from jobs.opt_out_data_cleanup.counting import counted, sentence, told
from jobs.opt_out_data_cleanup.forgetting import Forgetting
from jobs.opt_out_data_cleanup.looking import look
from jobs.opt_out_data_cleanup.owned import uncharged
from jobs.opt_out_data_cleanup.params import OptOutDataCleanup, OptOutReport, Waiting
from jobs.opt_out_data_cleanup.person import People, Person
from jobs.opt_out_data_cleanup.proving import prove
from jobs.opt_out_data_cleanup.tally import Tally
from jobs.opt_out_data_cleanup.where import USAGE

if TYPE_CHECKING:
    from common.documents import Document
    from common.runtime import Context

__all__ = ["clean"]

_PAGE = 20
"""Users between two checkpoints."""
_FAILED = 2
"""After so many failed attempts runs that do not end are left to the next week."""
_TOLD = 20
_ROUNDS = 4
"""Looks at what may have come, or changed, meanwhile."""


class StillRunning(Retryable):
    """Raised when runs of a user were cancelled and have not ended yet."""


def clean(params: OptOutDataCleanup, run: Context) -> OptOutReport:
    """Remove them, or tell who would be. Raises TooMany, StillRunning."""
    with Upkeep(run, params, page=_PAGE) as upkeep:
        if params.check:
            return prove(run.documents, params.check)
        cleaning = Cleaning(params, run, upkeep)
        upkeep.guard(cleaning.leaving, of=Query(USERS), what="users")
        for page in upkeep.pages(cleaning.leaving):
            upkeep.each(page, cleaning.step)
            cleaning.check_unfinished()
        report = upkeep.report(OptOutReport, sentence)
    left = report.waiting_count + report.malformed_count
    done = {"success": not left, "waiting": cleaning.waiting}
    return report.model_copy(update=done)


class Cleaning:
    """What is done about each user; several threads may use it."""

    def __init__(self, params: OptOutDataCleanup, run: Context, upkeep: Upkeep) -> None:
        self._run, self._upkeep = run, upkeep
        self._before = upkeep.as_of - timedelta(days=params.grace_days)
        self._patience = timedelta(days=params.grace_days + params.revoke_days)
        self._people = People(run.documents, run.blobs, self._before)
        self._cipher = Cipher.from_environ()
        self._lock = threading.Lock()
        self._unfinished = 0
        self.waiting: list[Waiting] = []

    @property
    def leaving(self) -> Query:
        """Users who opted out before the days of grace."""
        return Query(USERS, where=(("opted_out", "<=", self._before),), order=("opted_out",))

    def step(self, document: Document) -> Change | None:
        """Remove all there is of a user, and return what ends that.

        The page was read a while ago: who has thought better of it since is left alone.
        """
        found = self._people.find(document.id)
        if found is None:
            return None
        return self._told(found[0]) if self._upkeep.dry_run else self._forgotten(*found)

    def check_unfinished(self) -> None:
        """Raise StillRunning where that may help: the page is gone through again then."""
        failed = sum(each.outcome == "failed" for each in self._run.history)
        if self._unfinished and failed < _FAILED:
            users = several(self._unfinished, "user")
            raise StillRunning(f"Runs of {users} were cancelled, and end soon.")

    def _told(self, person: Person) -> Change:
        counts = look(self._run.documents, self._run.blobs, person)
        if reason := uncharged(self._run.documents, person):
            return self._told_waiting(person, counts, reason)
        blobs = counts.pop("blobs", 0)
        return Change(
            writes=(),
            counts=counted(counts.total() + 1, blobs),
            line=f"Remove user {person.id}: {told({**counts, USERS: 1, 'blobs': blobs})}.",
        )

    def _told_waiting(self, person: Person, counts: Mapping[str, int], reason: str) -> Change:
        self._waits(person, [reason], unfinished=False)
        going = told({name: counts[name] for name in counts if name not in USAGE})
        line = f"Remove of user {person.id}, who waits ({reason}): {going or 'nothing'}."
        return Change(writes=(), counts={}, line=line)

    def _forgotten(self, person: Person, document: Document) -> Change | None:
        """In rounds, each of which judges anew who it is: one at last finds nothing more."""
        tally = self._tally(person)
        for _ in range(_ROUNDS):
            forgetting = Forgetting(person, tally, self._run, self._people, self._patience)
            if reasons := forgetting.forget():
                self._waits(person, reasons, unfinished=forgetting.has_unfinished)
                return None
            if not (left := look(self._run.documents, self._run.blobs, person)):
                return self._signed(tally, document)
            if (found := self._people.find(person.id)) is None:
                return None
            person, document = found
        self._waits(person, [f"more came while it was removed ({told(left)})"], unfinished=False)
        return None

    def _tally(self, person: Person) -> Tally:
        run = self._run
        return Tally.begin(run.documents, run.blobs, self._cipher, person, run.id)

    def _signed(self, tally: Tally, document: Document) -> Change:
        counts = tally.counts
        blobs = counts.pop("blobs", 0)
        more = {"unrevoked_count": tally.unrevoked}
        return Change(
            writes=tally.signed(self._cipher, document),
            counts={**counted(counts.total() + 1, blobs), **more},
            line="",
        )

    def _waits(self, person: Person, reasons: list[str], *, unfinished: bool) -> None:
        self._upkeep.note(waiting_count=1)
        with self._lock:
            self._unfinished += unfinished
            self.waiting.append(Waiting(user=person.id, reasons=reasons))
            del self.waiting[_TOLD:]
