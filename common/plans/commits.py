"""Getting to an aim, in as many commits as it takes.

A plan's document, the day's, the batch's and as many runs as a commit takes are written at once,
and hold only while nobody else has written the plan, the day, or one of these runs. So of two who
plan a day at once one does, and a run that is begun meanwhile is left as it is: what is to be done
is then found out anew, from what there is. It is done in parts only where a commit does not take
all, each of which leaves the day such that whoever asks again goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from common.documents import Create, Documents, Update, Write
from common.plans.aims import Aim
from common.plans.codec import DAYS, PLANS, day_data, plan_data
from common.plans.making import Maker
from common.plans.parts import day_after, made, next_part, plan_after
from common.plans.planned import Planned
from common.plans.records import Day, Plan
from common.plans.steps import Step, Stock, Way, way
from common.plans.topics import Shelf
from common.runs import Batch, Queues, Runs
from common.runs.batch import batch_data
from common.runs.members import BATCHES
from common.runtime.discover import find_job

__all__ = ["Committer", "Tell"]

Tell = Callable[[str], object]


class Committer:
    """Writes what planning comes to."""

    def __init__(self, documents: Documents, runs: Runs, shelf: Shelf) -> None:
        self._documents, self._runs, self._shelf = documents, runs, shelf

    def keep(self, plan: Plan, wanted: Plan) -> Planned:
        """Only the plan, where it has changed."""
        if wanted != plan:
            self._documents.commit([_write(PLANS, plan.name, plan_data(wanted), plan.version)])
        return Planned(plan=wanted, day=None)

    def reach(self, aim: Callable[[], Aim | Planned], now: datetime, tell: Tell) -> Planned:
        """Go there from what there is, which `aim` finds out anew for each commit."""
        told: set[str] = set()

        def once(note: str) -> None:
            if note not in told:  # as it is again where another was first
                told.add(note)
                tell(note)

        done, rest = self._documents.optimistic(lambda: self._step(aim(), now, once))
        while rest:
            more, rest = self._documents.optimistic(lambda: self._step(aim(), now, lambda _: None))
            done = more.after(done)
        return done

    def _step(self, aim: Aim | Planned, now: datetime, tell: Tell) -> tuple[Planned, int]:
        """One commit; returns what it did, and how much is left to do."""
        if isinstance(aim, Planned):
            return aim, 0
        plan, day = aim.plan, aim.day
        stock = Stock.of(day, self._runs.list({"batch": day.batch}) if day.version else [])
        dues, job = aim.dues(stock), find_job(plan.job)
        found = way(plan, day, stock, dues, Maker(job, lambda: self._shelf.load(plan.topics), now))
        for note in aim.check(stock, found):
            tell(note)
        part = next_part(found.steps)
        rest = len(found.steps) - len(part)
        if job.limits is not None:
            Queues(self._documents).declare(job.queue, job.limits)
        plan, day = self._commit(plan, day, found, part, is_last=not rest)
        return _told(plan, day, dues[: found.count], part), rest

    def _commit(
        self, plan: Plan, day: Day, found: Way, part: Sequence[Step], *, is_last: bool
    ) -> tuple[Plan, Day]:
        """Write a part; returns the plan and the day as they are by that."""
        after = day_after(day, found, part, is_last=is_last)
        plan = plan_after(plan, day, found, part)
        documents = [
            _write(PLANS, plan.name, plan_data(plan), plan.version),
            _write(DAYS, after.id, day_data(after), day.version),
            *self._batch(after, is_last=is_last),
        ]
        new = [
            write for step in part if step.old is None for write in self._runs.creating(step.new)
        ]
        changed = [(step.old, step.new) for step in part if step.old is not None]
        self._runs.commit_all(changed, beside=[*documents, *new])
        return plan, after

    def _batch(self, day: Day, *, is_last: bool) -> list[Write]:
        """The write that has the batch know how many runs it has."""
        found = self._documents.get(BATCHES, day.batch)
        if found is not None:
            counted = {"total": day.total, "sealed": is_last}
            return [Update(BATCHES, day.batch, counted, found.version)]
        batch = Batch(
            id=day.batch,
            total=day.total,
            created=self._documents.now(),
            sealed=is_last,
            tenant=day.tenant,
            priority=day.priority,
        )
        return [Create(BATCHES, day.batch, batch_data(batch))]


def _told(plan: Plan, day: Day, dues: Sequence[datetime], part: Sequence[Step]) -> Planned:
    new, cancelled = made(part), sum(step.new.state.ended for step in part)
    return Planned(
        plan=plan,
        day=day,
        due=next(iter(dues), None),
        last=next(reversed(dues), None),
        waiting=len(dues),
        made=new,
        changed=len(part) - new - cancelled,
        cancelled=cancelled,
    )


def _write(collection: str, id: str, data: dict[str, Any], version: str) -> Write:
    return Update(collection, id, data, version) if version else Create(collection, id, data)
