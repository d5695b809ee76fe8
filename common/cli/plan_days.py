"""The options that the commands of plans share, and what is said by them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from common.plans import Planner, Said
from common.plans.rhythm import Rhythm
from common.runs import Priority

if TYPE_CHECKING:
    from common.dispatch import Client

__all__ = ["DAY", "PLAN_OPTIONS", "DayType", "day_of", "note", "planner", "said_of"]

_SPOKEN = {"today": 0, "tomorrow": 1}


class DayType(click.ParamType[str]):
    """A date, or today or tomorrow as it is in the plan's time zone."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check it."""
        if value not in _SPOKEN:
            try:
                date.fromisoformat(value)
            except ValueError:
                self.fail(f"{value!r} is no day like 2026-11-24, today or tomorrow.", param, ctx)
        return value


DAY = click.option("--day", type=DayType(), metavar="DAY", help="2026-11-24, today or tomorrow.")
PLAN_OPTIONS = (
    click.option(
        "--topics",
        metavar="FILE|-",
        help="A run for each line: its text, or a JSON object of params; - for standard input.",
    ),
    click.option("--per-day", type=int, help="At most so many runs."),
    click.option(
        "--per-hour", type=int, help="So many in each hour from the start on; else over all day."
    ),
    click.option("--from", "start", metavar="HH:MM", help="When the day begins; at first: now."),
    click.option("--until", metavar="HH:MM", help="When it ends; else where the next day begins."),
    click.option("--tz", "zone", metavar="ZONE", help="Whose clocks: Europe/Berlin; at first UTC."),
    DAY,
    click.option(
        "--daily/--no-daily",
        default=None,
        help="Whether the days to come are planned like this by themselves.",
    ),
    click.option(
        "--once/--again",
        default=None,
        help="Whether topics come once only, or begin again at the first.",
    ),
)


def planner(client: Client) -> Planner:
    """Who plans, in the stores of a client."""
    return Planner(client.documents, lambda: client.blobs)


def said_of(values: dict[str, Any]) -> Said:
    """What the options say, but for topics."""
    plain = ("per_day", "per_hour", "start", "until", "zone", "daily", "once")
    priority = values.get("priority")
    return Said(
        **{name: values[name] for name in plain},
        tenant=values.get("tenant"),
        priority=None if priority is None else Priority[priority.upper()],
    )


def day_of(plans: Planner, name: str, said: Said, text: str | None) -> date | None:
    """The day that is meant."""
    if text is None or text not in _SPOKEN:
        return None if text is None else date.fromisoformat(text)
    plan = plans.plans.find(name)
    zone = said.zone or (plan.rhythm.zone if plan else "UTC")
    today = Rhythm(per_day=1, zone=zone).today(plans.plans.documents.now())
    return today + timedelta(days=_SPOKEN[text])


def note(text: str) -> None:
    """Tell what is not as one may expect; programs read on stdout."""
    click.echo(text, err=True)
