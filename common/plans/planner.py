"""Planning days: the runs of a day are pending from then on, each due at its time.

A plan's document, the day's, the batch's and as many runs as a commit takes are written at once,
and hold only while nobody else has written the plan, the day, or one of these runs. So of two who
plan a day at once one does, and a run that is begun meanwhile is left as it is: what is to be done
is then found out anew, from what there is. It is done in parts only where a commit does not take
all, each of which leaves the day such that whoever asks again goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from common.documents import Create, Documents, Update, Write
from common.documents.writes import MAX_WRITES
from common.errors import InvalidInput
from common.plans.making import Maker
from common.plans.plans import Plans, check_name
from common.plans.records import DAYS, PLANS, Day, Plan, day_data, plan_data
from common.plans.rhythm import this_minute
from common.plans.said import Said, as_of, differences, merged
from common.plans.steps import Step, Stock, Way, way
from common.plans.topics import Shelf
from common.plans.words import DoesNotFit, NothingToCome, check_way, notes
from common.runs import Batch, Queues, Runs
from common.runs.batch import batch_data
from common.runs.members import BATCHES
from common.runtime.discover import find_job

if TYPE_CHECKING:
    from common.blobs import Blobs

__all__ = ["AlreadyPlanned", "DoesNotFit", "NothingToCome", "Planned", "Planner"]

_DOCUMENTS = 3
"""Besides runs, in each commit: the plan, the day, the batch."""

Tell = Callable[[str], object]


class AlreadyPlanned(InvalidInput):
    """Raised when a day is planned already, by something else."""

    def __init__(self, day: Day, plan: Plan) -> None:
        super().__init__(
            f"{day.day} is planned already: {differences(day, plan)}. Nothing was changed: "
            f"`runjobs plan change {day.plan} --day {day.day}` changes what has not started."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What became of it."""

    plan: Plan
    day: Day | None
    """None where no day was touched."""
    due: datetime | None = None
    """When the first run that waits is due."""
    last: datetime | None = None
    """And the last one."""
    waiting: int = 0
    """Runs that wait afterwards."""
    made: int = 0
    changed: int = 0
    cancelled: int = 0
    again: bool = False
    """Whether all of it was there already."""

    @property
    def queue(self) -> str:
        """The queue that is to be looked at when the first run is due."""
        return find_job(self.plan.job).queue


@dataclass(frozen=True, kw_only=True, slots=True)
class _Aim:
    """Where to get to, from what there is now."""

    plan: Plan
    day: Day
    dues: Callable[[Stock], Sequence[datetime]]
    """When a run shall wait, each. Raises where that cannot be."""
    check: Callable[[Stock, Way], Iterable[str]] = lambda _stock, _way: ()
    """Raises where what comes of that is nothing; returns what is to be told before it is done."""


class Planner:
    """Plans days in a documents store, with topics among blobs."""

    def __init__(self, documents: Documents, blobs: Callable[[], Blobs]) -> None:
        self._documents, self._shelf = documents, Shelf(blobs)
        self._runs, self.plans = Runs(documents), Plans(documents)

    def plan(
        self, name: str, said: Said, *, day: date | None = None, tell: Tell = lambda _: None
    ) -> Planned:
        """Plan a day, today by default; the same again changes nothing.

        What does not fit is told before anything is written. Raises AlreadyPlanned where the day is
        planned by something else, and InvalidInput where nothing of it is to come.
        """
        now, said = self._documents.now(), self._kept(name, said)

        def aim() -> _Aim | Planned:
            plan = self.plans.find(name)
            wanted = merged(name, plan, said, self._shelf, now)
            when = day or wanted.rhythm.today(now)
            found = self.plans.day(name, when)
            if plan is None or found is None or found.cancelled:
                return _fresh(wanted, when, found, now)
            return self._again(plan, found, said, now)

        return self._reach(aim, now, tell)

    def change(self, name: str, said: Said, *, day: date | None = None) -> Planned:
        """Change how days are planned from now on, and spread what has not started of a day anew:
        of that day or, without one, of the first that is not over, if there is one.

        Raises DoesNotFit where some of it would have no time any more; NoSuchPlan, NoSuchDay.
        """
        now, said = self._documents.now(), self._kept(name, said)

        def aim() -> _Aim | Planned:
            plan = self.plans.get(name)
            wanted = merged(name, plan, said, self._shelf, now)
            found = self._changing(name, day)
            if found is None:
                return self._keep(plan, wanted)
            changed = self._changed(wanted, found, said, now)
            return _Aim(
                plan=wanted, day=changed, dues=lambda stock: _anew(said, changed, stock, now)
            )

        return self._reach(aim, now, lambda _: None)

    def cancel(self, name: str, *, day: date | None = None) -> Planned:
        """Cancel what has not started of a day: of that one, or of the first that is not over.

        Its topics come next, unless a later day has taken some since.
        """
        now = self._documents.now()

        def aim() -> _Aim:
            plan, found = self.plans.get(name), self.plans.current(name, day)
            over = replace(found, cancelled=found.cancelled or now, replacing=False)
            return _Aim(plan=plan, day=over, dues=lambda _: ())

        return self._reach(aim, now, lambda _: None)

    # --- what is aimed at

    def _kept(self, name: str, said: Said) -> Said:
        if said.topics is None:
            return said
        return replace(said, kept=self._shelf.keep(check_name(name), said.topics))

    def _again(self, plan: Plan, day: Day, said: Said, now: datetime) -> _Aim | Planned:
        """What is asked of a day that is planned already."""
        wanted = merged(plan.name, as_of(plan, day), said, self._shelf, now)
        if not day.like(wanted):
            raise AlreadyPlanned(day, wanted)
        flagged = replace(plan, daily=wanted.daily, once=wanted.once)
        if day.complete:
            return replace(self._keep(plan, flagged), day=day, again=True)
        return _Aim(
            plan=flagged,
            day=day,
            dues=lambda stock: _coming(day, stock, now)[: _outstanding(day, stock)],
        )

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

    def _keep(self, plan: Plan, wanted: Plan) -> Planned:
        if wanted != plan:
            self._documents.commit([_write(PLANS, plan.name, plan_data(wanted), plan.version)])
        return Planned(plan=wanted, day=None)

    # --- how it is reached

    def _reach(self, aim: Callable[[], _Aim | Planned], now: datetime, tell: Tell) -> Planned:
        """Go there, in as many commits as it takes."""
        done, rest = self._documents.optimistic(lambda: self._step(aim(), now, tell))
        while rest:
            more, rest = self._documents.optimistic(lambda: self._step(aim(), now, lambda _: None))
            done = replace(
                more,
                made=done.made + more.made,
                changed=done.changed + more.changed,
                cancelled=done.cancelled + more.cancelled,
            )
        return done

    def _step(self, aim: _Aim | Planned, now: datetime, tell: Tell) -> tuple[Planned, int]:
        """One commit; returns what it did, and how much is left to do."""
        if isinstance(aim, Planned):
            return aim, 0
        plan, day = aim.plan, aim.day
        stock = Stock.of(day, self._runs.list({"batch": day.batch}) if day.version else [])
        dues = aim.dues(stock)
        job = find_job(plan.job)
        maker = Maker(job, lambda: self._shelf.load(plan.topics), now)
        found = way(plan, day, stock, dues, maker)
        for note in aim.check(stock, found):
            tell(note)
        part = _part(found.steps)
        rest = len(found.steps) - len(part)
        if job.limits is not None:
            Queues(self._documents).declare(job.queue, job.limits)
        plan, day = self._commit(plan, day, found, part, is_last=not rest)
        return _told(plan, day, dues[: found.count], part), rest

    def _commit(
        self, plan: Plan, day: Day, found: Way, part: Sequence[Step], *, is_last: bool
    ) -> tuple[Plan, Day]:
        """Write a part; returns the plan and the day as they are by that."""
        new = [step.new for step in part if step.old is None]
        takes = bool(new) or day.replacing
        made = sum(step.old is None for step in found.steps)
        plan = replace(
            plan,
            next=_next(plan, day, found, part),
            last=_last(plan, day, takes),
            since=plan.since or day.day,
        )
        after = replace(
            day,
            total=day.made + made,
            made=day.made + len(new),
            replacing=day.replacing and not is_last,
        )
        documents = [
            _write(PLANS, plan.name, plan_data(plan), plan.version),
            _write(DAYS, day.id, day_data(after), day.version),
            *self._batch(after, is_last=is_last),
        ]
        runs = [write for run in new for write in self._runs.creating(run)]
        changed = [(step.old, step.new) for step in part if step.old is not None]
        self._runs.commit_all(changed, beside=[*documents, *runs])
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


def _begun(plan: Plan, when: date, found: Day | None) -> Day:
    """A day to be planned; one that was cancelled goes on where it was."""
    fresh = Day(
        plan=plan.name,
        day=when,
        job=plan.job,
        rhythm=plan.rhythm,
        topics=plan.topics,
        tenant=plan.tenant,
        priority=plan.priority,
        first=plan.next,
    )
    if found is None:
        return fresh
    return replace(fresh, made=found.made, total=found.made, version=found.version)


def _fresh(plan: Plan, when: date, found: Day | None, now: datetime) -> _Aim:
    """A day that is to be planned, or planned anew: what is past of it is left out."""
    day, most = _begun(plan, when, found), plan.rhythm.per_day

    def dues(stock: Stock) -> Sequence[datetime]:
        coming = _coming(day, stock, now)
        return coming if most is None else coming[: max(0, most - len(stock.begun))]

    def check(stock: Stock, found: Way) -> Iterator[str]:
        room = len(dues(stock))
        check_way(plan, day, room=room, count=found.count)
        yield from notes(plan, day, room=room, count=found.count, begun=len(stock.begun))

    return _Aim(plan=plan, day=day, dues=dues, check=check)


def _coming(day: Day, stock: Stock, now: datetime) -> Sequence[datetime]:
    return stock.free(day.rhythm.moments(day.day), this_minute(now))


def _anew(said: Said, day: Day, stock: Stock, now: datetime) -> Sequence[datetime]:
    """Times for what has not started of a day that has changed. Raises DoesNotFit."""
    fills = day.rhythm.per_day is None and said.spreads
    if said.per_day is not None:
        count = max(0, said.per_day - len(stock.begun))
    else:
        count = _outstanding(day, stock)
    dues = day.rhythm.rest(day.day, this_minute(now), count)
    if day.rhythm.per_hour is not None:  # which has times that some may have taken
        dues = stock.free(dues, this_minute(now))
    if count > len(dues) and not fills:
        raise DoesNotFit(day, stock, wanted=count, room=len(dues))
    return dues if fills else dues[:count]


def _outstanding(day: Day, stock: Stock) -> int:
    """Those that wait, and those that an interruption has kept from being made."""
    return len(stock.movable) + max(0, day.total - day.made)


def _part(steps: Sequence[Step]) -> Sequence[Step]:
    """As many of them as one commit takes."""
    room = MAX_WRITES - _DOCUMENTS
    for count, step in enumerate(steps):
        room -= step.writes
        if room < 0:
            return steps[:count]
    return steps


def _next(plan: Plan, day: Day, found: Way, part: Sequence[Step]) -> int:
    """The topic that comes next once a part is done."""
    if day.replacing:
        return found.next
    known = [step.next for step in part if step.next is not None]
    return known[-1] if known else plan.next


def _last(plan: Plan, day: Day, takes: bool) -> date | None:  # noqa: FBT001 - two facts and a question
    """The day that took topics last; none where an earlier one has taken more since."""
    if not takes:
        return plan.last
    return day.day if plan.last is None or plan.last <= day.day else None


def _told(plan: Plan, day: Day, dues: Sequence[datetime], part: Sequence[Step]) -> Planned:
    made = sum(step.old is None for step in part)
    cancelled = sum(step.new.state.ended for step in part)
    return Planned(
        plan=plan,
        day=day,
        due=next(iter(dues), None),
        last=next(reversed(dues), None),
        waiting=len(dues),
        made=made,
        changed=len(part) - made - cancelled,
        cancelled=cancelled,
    )


def _write(collection: str, id: str, data: dict[str, Any], version: str) -> Write:
    return Update(collection, id, data, version) if version else Create(collection, id, data)
