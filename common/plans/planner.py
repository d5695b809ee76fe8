"""Planning days: the runs of a day are pending from then on, each due at its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from common.documents import Documents
from common.errors import InvalidInput
from common.plans.aims import Aim, aim_anew, aim_at, aim_at_none, aim_at_rest
from common.plans.commits import Committer, Tell
from common.plans.planned import Planned
from common.plans.plans import Plans, check_name
from common.plans.records import Day, Plan
from common.plans.said import Said, as_of, merged
from common.plans.topics import Shelf
from common.plans.words import AlreadyPlanned
from common.runs import Runs

if TYPE_CHECKING:
    from common.blobs import Blobs

__all__ = ["Planner"]


class Planner:
    """Plans days in a documents store, with topics among blobs."""

    def __init__(self, documents: Documents, blobs: Callable[[], Blobs]) -> None:
        self._documents, self._shelf = documents, Shelf(blobs)
        self._committer = Committer(documents, Runs(documents), self._shelf)
        self.plans = Plans(documents)

    def plan(
        self, name: str, said: Said, *, day: date | None = None, tell: Tell = lambda _: None
    ) -> Planned:
        """Plan a day, today by default; the same again changes nothing.

        What does not fit is told before anything is written. Raises AlreadyPlanned where the day is
        planned by something else, and InvalidInput where nothing of it is to come.
        """
        now, said = self._documents.now(), self._kept(name, said)

        def aim() -> Aim | Planned:
            plan = self.plans.find(name)
            wanted = merged(name, plan, said, self._shelf, now)
            when = day or wanted.rhythm.today(now)
            found = self.plans.day(name, when)
            if plan is None or found is None or found.cancelled:
                return aim_at(wanted, when, found, now)
            return self._again(plan, found, said, now)

        return self._committer.reach(aim, now, tell)

    def change(self, name: str, said: Said, *, day: date | None = None) -> Planned:
        """Change how days are planned from now on, and spread what has not started of a day anew:
        of that day or, without one, of the first that is not over, if there is one.

        Raises DoesNotFit where some of it would have no time any more; NoSuchPlan, NoSuchDay.
        """
        now, said = self._documents.now(), self._kept(name, said)

        def aim() -> Aim | Planned:
            plan = self.plans.get(name)
            wanted = merged(name, plan, said, self._shelf, now)
            found = self._changing(name, day)
            if found is None:
                since = wanted.since or wanted.rhythm.coming(now)
                return self._committer.keep(plan, replace(wanted, since=since))
            return aim_anew(wanted, self._changed(wanted, found, said, now), said, now)

        return self._committer.reach(aim, now, lambda _: None)

    def cancel(self, name: str, *, day: date | None = None) -> Planned:
        """Cancel what has not started of a day: of that one, or of the first that is not over.

        Its topics come next, unless a later day has taken some since.
        """
        now = self._documents.now()

        def aim() -> Aim:
            return aim_at_none(self.plans.get(name), self.plans.current(name, day), now)

        return self._committer.reach(aim, now, lambda _: None)

    # --- what is aimed at

    def _kept(self, name: str, said: Said) -> Said:
        if said.topics is None:
            return said
        return replace(said, kept=self._shelf.keep(check_name(name), said.topics))

    def _again(self, plan: Plan, day: Day, said: Said, now: datetime) -> Aim | Planned:
        """What is asked of a day that is planned already."""
        wanted = merged(plan.name, as_of(plan, day), said, self._shelf, now)
        if not day.like(wanted):
            raise AlreadyPlanned(day, wanted)
        since = wanted.since or day.day
        flagged = replace(plan, daily=wanted.daily, once=wanted.once, since=since)
        if day.complete:
            return replace(self._committer.keep(plan, flagged), day=day, again=True)
        return aim_at_rest(flagged, day, now)

    def _changing(self, name: str, day: date | None) -> Day | None:
        """The day that is to be changed, if there is one."""
        try:
            found = self.plans.current(name, day)
        except InvalidInput:
            if day is not None:
                raise
            return None
        if found.cancelled and day is not None:
            raise InvalidInput(f"{day} was cancelled: `runjobs plan --day {day}` plans it anew.")
        return None if found.cancelled else found

    def _changed(self, plan: Plan, day: Day, said: Said, now: datetime) -> Day:
        """The day as it is by what is said; what is not, stays as it was that day."""
        was = as_of(plan, day)
        wanted = merged(plan.name, was, replace(said, kept=None), self._shelf, now)
        topics = said.kept or day.topics
        others = not self._shelf.goes_on(day.topics, topics)
        return replace(
            day,
            rhythm=wanted.rhythm,
            topics=topics,
            first=plan.next if others else day.first,
            replacing=others or day.replacing,
        )
