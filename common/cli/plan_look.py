"""runjobs plan list and show: which days are planned, and how they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from common.cli.parts import console, json_option, print_json, runs, shown
from common.cli.plan_days import DAY, DayType, day_of, planner
from common.dispatch import Client
from common.dispatch.report.plans import day_data, plan_data
from common.plans import Plan, Said
from common.plans.standing import DayStanding, Kind, day_counts, day_standing

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["list_command", "show_command"]

_DAY = re.compile("today|tomorrow|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COLOURS = {
    Kind.DONE: "green",
    Kind.RUNNING: "cyan",
    Kind.DUE: "yellow",
    Kind.FAILED: "red",
    Kind.CANCELLED: "magenta",
}


@click.command("list")
@json_option
def list_command(*, in_json: bool) -> None:
    """List the plans, and how their days stand that are not over."""
    with Client() as client:
        plans = planner(client).plans
        found = plans.all()
        days = [day_counts(client.runs, day) for day in plans.days()]
    if in_json:
        print_json(
            [plan_data(plan, [day for day in days if day.day.plan == plan.name]) for plan in found]
        )
    elif found:
        _print_plans(found)
        _print_days(days)
    else:
        click.echo("There are no plans: `runjobs plan --topics FILE --per-day N`.", err=True)


@click.command("show")
@click.argument("which", metavar="[NAME|DAY]", default="daily")
@DAY
@json_option
def show_command(which: str, *, day: str | None, in_json: bool) -> None:
    """Show a day hour by hour, and when its next runs are due.

    It is the first day that is not over, unless another is said.
    """
    name = which
    if _DAY.fullmatch(which):
        name, day = "daily", DayType().convert(which, None, None)
    with Client() as client:
        plans = planner(client)
        wanted = day_of(plans, name, Said(), day)
        found = day_standing(client.runs, plans.plans.current(name, wanted))
    if in_json:
        print_json(day_data(found))
    else:
        _print_day(found)


def _print_plans(plans: Sequence[Plan]) -> None:
    table = _table("PLAN", "JOB")
    table.add_column("EACH DAY", overflow="fold")
    for column in ("NEXT TOPIC", "DAILY"):
        table.add_column(column, no_wrap=True, justify="right")
    for plan in plans:
        table.add_row(
            plan.name,
            plan.job,
            str(plan.rhythm),
            f"{plan.next % plan.topics.count + 1:,} of {plan.topics.count:,}",
            "yes" if plan.daily else "no",
        )
    console().print(table)


def _print_days(days: Sequence[DayStanding]) -> None:
    if not days:
        return
    table = _table("PLAN", "DAY")
    kinds = _counted(days)
    for kind in kinds:
        table.add_column(kind.upper(), no_wrap=True, justify="right")
    table.add_column("NOTE", overflow="fold")
    for found in days:
        day = found.day
        note = "cancelled" if day.cancelled else ("" if day.complete else "not all there yet")
        table.add_row(day.plan, day.day.isoformat(), *_counts(found.counts, kinds), note)
    click.echo()
    console().print(table)


def _print_day(found: DayStanding) -> None:
    screen, day = console(), found.day
    tenant = f", tenant {shown(day.tenant)}" if day.tenant else ""
    screen.print(
        f"[bold]{day.plan}[/] {day.day}: {runs(found.total)} of {day.job}, batch {day.batch}",
        soft_wrap=True,
    )
    screen.print(f"  {day.rhythm}, {day.priority.name.lower()} priority{tenant}", soft_wrap=True)
    kinds = _counted([found])
    table = _table("HOUR")
    for kind in kinds:
        table.add_column(kind.upper(), no_wrap=True, justify="right")
    for hour in found.hours:
        table.add_row(f"{hour.begins:%a %H:%M %Z}", *_counts(hour.counts, kinds))
    table.add_section()
    table.add_row("[bold]all[/]", *_counts(found.counts, kinds))
    screen.print(table)
    if found.next:
        screen.print(
            f"Next: {', '.join(f'{due:%H:%M:%S}'.removesuffix(':00') for due in found.next)}"
        )
    if day.cancelled:
        screen.print(f"What had not started was cancelled at {day.cancelled.astimezone():%F %T}.")
    elif not day.complete:
        screen.print("Not all of it is done that was asked: say it again.")


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def _counted(found: Sequence[DayStanding]) -> list[Kind]:
    """The columns: what seldom is there is told of only where it is."""
    some = {kind for each in found for kind, count in each.counts.items() if count}
    return [kind for kind in Kind if kind is not Kind.CANCELLED or kind in some]


def _counts(counts: Any, kinds: Sequence[Kind]) -> list[str]:
    return [
        f"[{_COLOURS[kind]}]{counts[kind]:,}[/]" if counts.get(kind) else "[dim]-[/]"
        for kind in kinds
    ]
