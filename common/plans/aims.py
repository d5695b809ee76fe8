"""What is aimed at with a day, and when its runs are due by that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from common.plans.records import Day, Plan
from common.plans.rhythm import this_minute
from common.plans.said import Said
from common.plans.steps import Stock, Way
from common.plans.words import DoesNotFit, check_way, notes

__all__ = ["Aim", "aim_anew", "aim_at", "aim_at_none", "aim_at_rest"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """Where to get to, from what there is now."""

    plan: Plan
    day: Day
    dues: Callable[[Stock], Sequence[datetime]]
    """When a run shall wait, each. Raises where that cannot be."""
    check: Callable[[Stock, Way], Iterable[str]] = lambda _stock, _way: ()
    """Raises where what comes of that is nothing; returns what is to be told before it is done."""


def aim_at(plan: Plan, when: date, found: Day | None, now: datetime) -> Aim:
    """A day that is to be planned, or planned anew: what is past of it is left out."""
    day, most = _begun(plan, when, found), plan.rhythm.per_day

    def dues(stock: Stock) -> Sequence[datetime]:
        coming = _coming(day, stock, now)
        return coming if most is None else coming[: max(0, most - len(stock.begun))]

    def check(stock: Stock, found: Way) -> Iterator[str]:
        room = len(dues(stock))
        check_way(plan, day, room=room, count=found.count)
        yield from notes(plan, day, room=room, count=found.count, begun=len(stock.begun))

    return Aim(plan=plan, day=day, dues=dues, check=check)


def aim_at_rest(plan: Plan, day: Day, now: datetime) -> Aim:
    """What an interruption has left to do of a day."""
    return Aim(
        plan=plan,
        day=day,
        dues=lambda stock: _coming(day, stock, now)[: _outstanding(day, stock)],
    )


def aim_anew(plan: Plan, day: Day, said: Said, now: datetime) -> Aim:
    """A day that has changed: what has not started is spread anew. Raises DoesNotFit."""
    return Aim(plan=plan, day=day, dues=lambda stock: _anew(said, day, stock, now))


def aim_at_none(plan: Plan, day: Day, now: datetime) -> Aim:
    """A day of which nothing more is to start."""
    over = replace(day, cancelled=day.cancelled or now, replacing=False)
    return Aim(plan=plan, day=over, dues=lambda _: ())


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


def _coming(day: Day, stock: Stock, now: datetime) -> Sequence[datetime]:
    return stock.free(day.rhythm.moments(day.day), this_minute(now))


def _anew(said: Said, day: Day, stock: Stock, now: datetime) -> Sequence[datetime]:
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
