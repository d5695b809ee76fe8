"""What became of planning a day, as the commands tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from common.cli.parts import print_json, runs, runs_are
from common.dispatch.report.runs import time
from common.plans import Planned

if TYPE_CHECKING:
    from datetime import datetime

    from common.dispatch import Client
    from common.plans import Day

__all__ = ["tell"]


def tell(client: Client, done: Planned, ahead: Sequence[Planned] = (), *, in_json: bool) -> None:
    """What became of a day and of those behind it, and have their first runs started in time."""
    if in_json:
        print_json({**_data(done), "ahead": [_data(each) for each in ahead]})
    else:
        for each in (done, *ahead):
            click.echo("\n".join(_lines(each)))
        if done.plan.daily:
            click.echo("  The days to come are planned by the job daily-plan.")
    for each in (done, *ahead):
        if each.due is not None:
            client.look_at(each.queue, each.due)


def _data(done: Planned) -> dict[str, Any]:
    day = done.day
    return {
        "plan": done.plan.name,
        "job": done.plan.job,
        "day": day.day.isoformat() if day else None,
        "batch": day.batch if day else None,
        "runs": done.waiting,
        "made": done.made,
        "changed": done.changed,
        "cancelled": done.cancelled,
        "again": done.again,
        "first_due": time(done.due),
        "last_due": time(done.last),
        "daily": done.plan.daily,
    }


def _lines(done: Planned) -> list[str]:
    plan, day = done.plan, done.day
    if day is None:
        return [f"{plan.name}: {plan.rhythm}, from the next day that is planned on."]
    see = f"  See `runjobs plan show {plan.name} --day {day.day}`."
    if done.again:
        return [f"{plan.name} {day.day} is planned already: nothing is doubled.", see]
    if done.due is None or done.last is None:
        return [f"{plan.name} {day.day}: {runs_are(done.cancelled)} cancelled.", see]
    counts = {"made": done.made, "changed": done.changed, "cancelled": done.cancelled}
    many = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    wait = "waits" if done.waiting == 1 else "wait"
    return [
        f"{plan.name} {day.day}: {runs(done.waiting)} of {plan.job} {wait} ({many or 'as before'})",
        f"  {day.rhythm}: due {_span(day, done.due, done.last)}; batch {day.batch}",
        see,
    ]


def _span(day: Day, first: datetime, last: datetime) -> str:
    zone = day.rhythm.clock()
    begin, end = (f"{each.astimezone(zone):%F %R}" for each in (first, last))
    return begin if begin == end else f"{begin} to {end.removeprefix(begin[:11])}"
