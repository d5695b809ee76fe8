"""What fires Scheduler jobs. Any number of processes may: a firing is taken by one commit."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from common.documents import Conflict
from common.errors import RunjobsError
from common.localcloud.answers import Answer
from common.localcloud.calls import Calls
from common.localcloud.errors import ApiError
from common.localcloud.scheduler.fields import TARGETS
from common.localcloud.scheduler.firing import (
    AGENDA,
    begun,
    ended,
    headers,
    late,
    renewed,
    skipped,
    tries,
)
from common.localcloud.store import Resource, Store
from common.localcloud.values import seconds
from common.runtime.log import Log

__all__ = ["Engine"]

_POLL = 1.0


class Engine:
    """Fires the jobs of a store."""

    def __init__(self, store: Store, calls: Calls) -> None:
        self._store = store
        self._tokens = calls.tokens
        self._deliveries = calls.deliveries
        self._send = calls.send

    def turn(self) -> float:
        """Fire what is due; returns the seconds until there may be more to do."""
        self._deliveries.renew()
        now, room = self._store.now(), self._deliveries.free
        if room <= 0:
            return _POLL
        for job in self._store.due(AGENDA, now, limit=room):
            with suppress(Conflict):  # another process was first
                self._fire(job, now)
        following = self._store.next(AGENDA)
        if following is None:
            return _POLL
        return min(_POLL, max(0.0, (following - now).total_seconds()))

    def _fire(self, job: Resource, now: datetime) -> None:
        if late(job, now):
            self._store.commit(put=[(job, skipped(job, now))])
            Log().warning(f"Schedule {job.id} was missed.", action="schedule-missed", due=job.due)
            return
        begins = begun(job, now)
        self._store.commit(put=[(job, begins)])
        self._deliveries.begin(
            partial(self._answer, begins),
            partial(self._note, begins),
            partial(self._renew, begins),
        )

    def _note(self, job: Resource, answer: Answer) -> None:
        self._store.documents.optimistic(lambda: self._ended(job, answer))
        if not answer.good:
            said = answer.rpc["message"]
            Log().warning(f"Schedule {job.id} failed: {said}", action="schedule-failed")

    def _answer(self, job: Resource) -> Answer:
        deadline = seconds(job.data, "attemptDeadline")
        try:
            return self._send(
                TARGETS.request(job.data["httpTarget"], self._tokens, headers(job), deadline)
            )
        except RunjobsError as error:
            Log().warning(f"Schedule {job.id} cannot be sent: {error}", action="schedule-not-sent")
            return Answer(problem="INTERNAL")

    def _ended(self, job: Resource, answer: Answer) -> None:
        """Note what came of a try, unless there has been another since. Raises Conflict."""
        found = self._store.find(job.name)
        if found and self._same(found, job):
            self._store.commit(put=[(found, ended(found, answer, self._store.now()))])

    def _renew(self, job: Resource) -> None:
        now = self._store.now()
        with suppress(ApiError):  # it was deleted
            self._store.change(
                job.name,
                lambda found: renewed(found, tries(job), now) if self._same(found, job) else None,
            )

    @staticmethod
    def _same(found: Resource, job: Resource) -> bool:
        firing, then = found.kept.get("firing") or {}, job.kept["firing"]
        same = (firing.get("at"), firing.get("tries")) == (then["at"], then["tries"])
        return found.created == job.created and same
