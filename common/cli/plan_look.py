"""runjobs plan list and show: which days are planned, and how they stand."""

from __future__ import annotations

import re

import click

from common.cli.parts import json_option, print_json
from common.cli.plan_days import DAY, DayType, day_of, planner
from common.cli.plan_report import print_day, print_days, print_plans
from common.dispatch import Client
from common.dispatch.report.plans import day_data, plan_data
from common.plans import Said
from common.plans.standing import day_counts, day_standing

__all__ = ["list_command", "show_command"]

_DAY = re.compile("today|tomorrow|[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
        print_plans(found)
        print_days(days)
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
        print_day(found)
