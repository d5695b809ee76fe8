"""Planning the days to come of plans that are daily."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from common.errors import RunjobsError, Unavailable
from common.plans.planned import Planned
from common.plans.planner import Planner
from common.plans.records import Plan
from common.plans.said import Said
from common.plans.words import NothingToCome

__all__ = ["AHEAD", "coming_days", "plan_ahead"]

AHEAD = timedelta(hours=36)
"""A day is planned so long before it begins: a day, and half of one for a turn that was missed."""

Trouble = Callable[[str, RunjobsError], object]


def plan_ahead(
    planner: Planner, *, ahead: timedelta, only: str | None, on_trouble: Trouble
) -> Iterator[Planned]:
    """Plan each day of daily plans that begins within that time; yields those that were not yet.

    A day that somebody has cancelled stays so. What is wrong with one plan is told, and does not
    keep the others from being planned. Raises Unavailable.
    """
    now = planner.plans.documents.now()
    plans = planner.plans.all() if only is None else [planner.plans.get(only)]
    for plan in plans if only is not None else filter(lambda plan: plan.daily, plans):
        for day in coming_days(plan, now, ahead):
            found = planner.plans.day(plan.name, day)
            if found is not None and (found.cancelled or found.complete):
                continue
            try:
                yield planner.plan(plan.name, Said(), day=day)
            except Unavailable:
                raise
            except NothingToCome:
                continue
            except RunjobsError as error:
                on_trouble(plan.name, error)


def coming_days(plan: Plan, now: datetime, ahead: timedelta) -> Iterator[date]:
    """The plan's days that are not over and begin within that time."""
    day = plan.rhythm.today(now) - timedelta(days=1)
    while (window := plan.rhythm.window(day))[0] <= now + ahead:
        if window[1] > now and (plan.since is None or day >= plan.since):
            yield day
        day += timedelta(days=1)
