"""Daily plans: the days that begin before the job that plans them has its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.cli.plan_days import note
from common.plans import AHEAD, Planned, Planner, plan_ahead
from common.runs.standings import Standings

if TYPE_CHECKING:
    from common.dispatch import Client

__all__ = ["plan_on"]

_JOB = "daily-plan"


def plan_on(client: Client, planner: Planner, done: Planned) -> list[Planned]:
    """Plan what the job would, had it run just now; nothing where the plan is not daily."""
    if not done.plan.daily:
        return []
    if Standings(client.documents).get(_JOB).paused:
        note(f"The schedule of {_JOB} is paused: `runjobs schedules resume {_JOB}`.")
    return [
        *plan_ahead(
            planner,
            ahead=AHEAD,
            only=done.plan.name,
            on_trouble=lambda name, error: note(f"{name}: {error}"),
        )
    ]
