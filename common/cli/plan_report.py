"""Plans and their days, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click

from common.cli.parts import console, runs, shown
from common.cli.tables import Column, counts, print_table, table, words
from common.plans import Plan
from common.plans.standing import DayStanding, Kind

__all__ = ["print_day", "print_days", "print_plans"]

_COLOURS = {
    Kind.DONE: "green",
    Kind.RUNNING: "cyan",
    Kind.DUE: "yellow",
    Kind.FAILED: "red",
    Kind.CANCELLED: "magenta",
}
_PLANS = (*words("PLAN", "JOB"), *words("EACH DAY", long=True), *counts("NEXT TOPIC", "DAILY"))


def print_plans(plans: Sequence[Plan]) -> None:
    """A line for each."""
    print_table(_PLANS, map(_plan, plans))


def print_days(days: Sequence[DayStanding]) -> None:
    """A line for each, if there are any."""
    if not days:
        return
    kinds = _counted(days)
    columns = (*words("PLAN", "DAY"), *_named(kinds), *words("NOTE", long=True))
    click.echo()
    print_table(columns, (_day(each, kinds) for each in days))


def print_day(found: DayStanding) -> None:
    """A line for each hour, and what comes next."""
    screen, day = console(), found.day
    tenant = f", tenant {shown(day.tenant)}" if day.tenant else ""
    screen.print(
        f"[bold]{day.plan}[/] {day.day}: {runs(found.total)} of {day.job}, batch {day.batch}",
        soft_wrap=True,
    )
    screen.print(f"  {day.rhythm}, {day.priority.name.lower()} priority{tenant}", soft_wrap=True)
    kinds = _counted([found])
    hours = ((f"{each.begins:%a %H:%M %Z}", *_counts(each.counts, kinds)) for each in found.hours)
    made = table((*words("HOUR"), *_named(kinds)), hours)
    made.add_section()
    made.add_row("[bold]all[/]", *_counts(found.counts, kinds))
    screen.print(made)
    if found.next:
        screen.print(
            f"Next: {', '.join(f'{due:%H:%M:%S}'.removesuffix(':00') for due in found.next)}"
        )
    if day.cancelled:
        screen.print(f"What had not started was cancelled at {day.cancelled.astimezone():%F %T}.")
    elif not day.complete:
        screen.print("Not all of it is done that was asked: say it again.")


def _plan(plan: Plan) -> tuple[str, ...]:
    topic = f"{plan.next % plan.topics.count + 1:,} of {plan.topics.count:,}"
    return (plan.name, plan.job, str(plan.rhythm), topic, "yes" if plan.daily else "no")


def _day(found: DayStanding, kinds: Iterable[Kind]) -> tuple[str, ...]:
    day = found.day
    note = "cancelled" if day.cancelled else ("" if day.complete else "not all there yet")
    return (day.plan, day.day.isoformat(), *_counts(found.counts, kinds), note)


def _named(kinds: Iterable[Kind]) -> list[Column]:
    return counts(*(kind.upper() for kind in kinds))


def _counted(found: Sequence[DayStanding]) -> list[Kind]:
    """The columns: what seldom is there is told of only where it is."""
    some = {kind for each in found for kind, count in each.counts.items() if count}
    return [kind for kind in Kind if kind is not Kind.CANCELLED or kind in some]


def _counts(found: Mapping[Kind, int], kinds: Iterable[Kind]) -> list[str]:
    return [
        f"[{_COLOURS[kind]}]{found[kind]:,}[/]" if found.get(kind) else "[dim]-[/]"
        for kind in kinds
    ]
