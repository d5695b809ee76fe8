"""runjobs plan change and cancel: what becomes of a day that is planned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from common.cli.lines import read_topics
from common.cli.parts import json_option, print_json, runs_are
from common.cli.plan_ahead import plan_on
from common.cli.plan_days import DAY, PLAN_OPTIONS, day_of, note, planner, said_of
from common.cli.plan_told import tell
from common.dispatch import Client
from common.plans import Said
from common.runtime.discover import find_job

if TYPE_CHECKING:
    from common.plans import Day, Planned, Planner

__all__ = ["cancel_command", "change_command"]

_name = click.argument("name", default="daily")


@click.command("change")
@_name
@json_option
def change_command(name: str, *, in_json: bool, **values: Any) -> None:
    """Spread anew what has not started of a day.

    It is the first day that is not over, unless another is said. What has started stays. The days
    to come are planned like that, too.
    """
    said = said_of(values)
    if said == Said() and values["topics"] is None:
        raise click.UsageError("Say what to change, such as --per-hour 6.")
    with Client() as client:
        plans = planner(client)
        if values["topics"] is not None:
            said = _with_topics(said, plans, name, values["topics"])
        day = day_of(plans, name, said, values["day"])
        done = plans.change(name, said, day=day)
        _note_others(plans, done)
        ahead = plan_on(client, plans, done)
        tell(client, done, ahead, in_json=in_json)


for option in reversed(PLAN_OPTIONS):
    option(change_command)


@click.command("cancel")
@_name
@DAY
@click.option("--all", "everything", is_flag=True, help="What runs, or is tried again, too.")
@json_option
def cancel_command(name: str, *, day: str | None, everything: bool, in_json: bool) -> None:
    """Cancel what has not started of a day.

    It is the first day that is not over, unless another is said. Its topics come next again. The
    same day can be planned anew.
    """
    with Client() as client:
        plans = planner(client)
        done = plans.cancel(name, day=day_of(plans, name, Said(), day))
        asked = _stop(client, done.day) if everything and done.day else 0
        if in_json:
            told = {"plan": name, "day": done.day.day.isoformat() if done.day else None}
            print_json({**told, "cancelled": done.cancelled, "asked": asked})
            return
        tell(client, done, in_json=False)
        if everything:
            click.echo(f"  {runs_are(asked)} asked to stop.")


def _with_topics(said: Said, plans: Planner, name: str, source: str) -> Said:
    """With topics that are read like those that the plan has."""
    from common.runtime.lines import Reading
    from common.runtime.topics import text_param

    plan = plans.plans.get(name)
    job = find_job(plan.job)
    topics = read_topics(job, source, Reading(text=text_param(job), others=plan.options))
    return replace(said, job=plan.job, topics=topics)


def _note_others(plans: Planner, done: Planned) -> None:
    """Days that are planned already stay as they are, which may not be what was meant."""
    for day in plans.plans.days():
        if done.day and day.plan == done.plan.name and day.day > done.day.day and not day.cancelled:
            note(f"{day.day} is planned already, and stays as it is: `--day {day.day}` changes it.")


def _stop(client: Client, day: Day) -> int:
    """Cancel what is left of a day; returns how many runs were asked."""
    found = client.runs.list({"batch": day.batch})
    going_on = [run for run in found if not run.state.ended and not run.cancel_requested]
    for run in going_on:
        client.cancel(run.id)
    return len(going_on)
