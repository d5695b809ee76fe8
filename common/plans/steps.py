"""From the runs that a day has to those that it shall have: a pure function of both.

movable  pending, and nobody has begun it: it may be due at another time, have another topic, or be
         cancelled
begun    all others but those that were cancelled: they stay as they are
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from common.plans.making import Maker, check_followers
from common.plans.records import Day, Plan
from common.plans.topics import turn
from common.runs import Run, State, transitions

__all__ = ["Step", "Stock", "Way", "way"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What becomes of one run, or that there is one."""

    old: Run | None
    new: Run
    next: int | None = None
    """The topic that comes next then, where that changes by it."""

    @property
    def writes(self) -> int:
        """How many documents it writes, at most."""
        return 2 if self.new.follows else 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Stock:
    """The runs that a day has, but for those that were cancelled."""

    movable: Sequence[Run]
    """In the order in which they are due."""
    begun: Sequence[Run]

    @classmethod
    def of(cls, day: Day, runs: Sequence[Run]) -> Stock:
        """Of that day, if it has these runs."""
        own = [run for run in runs if run.batch == day.batch]
        movable = [run for run in own if run.state is State.PENDING and not run.attempts]
        at_it = {run.id for run in movable}
        return cls(
            movable=sorted(movable, key=lambda run: (run.due, run.id)),
            begun=[run for run in own if run.id not in at_it and run.state is not State.CANCELLED],
        )

    def free(self, moments: Iterable[datetime], since: datetime) -> list[datetime]:
        """Those moments that are still to come, and at which none was begun."""
        taken = {run.due for run in self.begun}
        return [each for each in moments if each >= since and each not in taken]


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """From what there is to what shall be."""

    steps: Sequence[Step]
    """In an order in which they may be done in parts."""
    count: int
    """Runs that wait afterwards."""
    next: int
    """Of an exchange, the topic that comes next after it."""


def way(plan: Plan, day: Day, stock: Stock, dues: Sequence[datetime], maker: Maker) -> Way:
    """What is to be done so that a run waits for each of these times.

    Where the topics come once only, they may be fewer.
    """
    if day.replacing:
        return _exchanged(plan, day, stock, dues, maker)
    kept, dropped = stock.movable[: len(dues)], stock.movable[len(dues) :]
    places = list(islice(_turn(plan, plan.next), len(dues) - len(kept)))
    moved = _moved(kept, dues, [], maker)
    made = _made(day, places, dues[len(kept) :], maker)
    gone = _dropped(plan, day, dropped, maker.now)
    check_followers([*kept, *(step.new for step in made)])
    count = len(kept) + len(made)
    return Way(steps=[*moved, *made, *gone], count=count, next=plan.next)


def _exchanged(plan: Plan, day: Day, stock: Stock, dues: Sequence[datetime], maker: Maker) -> Way:
    """With other topics for all that wait, but for those that ran this day already."""
    done = Counter(run.params for run in stock.begun)
    places = list(islice(_without(_turn(plan, day.first), done, maker), len(dues)))
    kept, dropped = stock.movable[: len(places)], stock.movable[len(places) :]
    made = _made(day, places[len(kept) :], dues[len(kept) :], maker, tell=False)
    gone = [Step(old=run, new=transitions.request_cancel(run, now=maker.now)) for run in dropped]
    return Way(
        steps=[*_moved(kept, dues, places, maker), *made, *gone],
        count=len(places),
        next=places[-1] + 1 if places else day.first,
    )


def _turn(plan: Plan, at: int) -> Iterator[int]:
    return turn(plan.topics.count, at, once=plan.once)


def _without(places: Iterator[int], done: Counter[str], maker: Maker) -> Iterator[int]:
    for place in places:
        text = maker.text(place)
        if done[text] > 0:
            done[text] -= 1
        else:
            yield place


def _moved(
    runs: Sequence[Run],
    dues: Sequence[datetime],
    places: Sequence[int],
    maker: Maker,
) -> list[Step]:
    """Those that are due later come last first, and then those that are due earlier, first first:
    so none overtakes another."""
    later, earlier = list[Step](), list[Step]()
    for number, (run, due) in enumerate(zip(runs, dues, strict=False)):
        new = transitions.reschedule(run, due=due, now=maker.now)
        new = maker.rewritten(new, places[number]) if places else new
        if new is not run:
            (later if new.due > run.due else earlier).append(Step(old=run, new=new))
    return [*reversed(later), *earlier]


def _made(
    day: Day, places: Sequence[int], dues: Sequence[datetime], maker: Maker, *, tell: bool = True
) -> list[Step]:
    return [
        Step(
            old=None,
            new=maker.new(day, day.made + number, place, due),
            next=place + 1 if tell else None,
        )
        for number, (place, due) in enumerate(zip(places, dues, strict=False))
    ]


def _dropped(plan: Plan, day: Day, runs: Sequence[Run], now: datetime) -> Iterator[Step]:
    """The last ones first, whose topics come next, unless a later day has taken some since."""
    gives = (plan.last, plan.topics.sha256) == (day.day, day.topics.sha256)
    for number, run in enumerate(reversed(runs), start=1):
        back = (plan.next - number) % plan.topics.count if gives else None
        yield Step(old=run, new=transitions.request_cancel(run, now=now), next=back)
