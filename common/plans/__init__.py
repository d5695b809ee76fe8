"""Plans: runs spread over days, whose topics are gone through from day to day."""

from __future__ import annotations

from common.plans.daily import AHEAD, plan_ahead
from common.plans.planned import Planned
from common.plans.planner import Planner
from common.plans.plans import NoSuchDay, NoSuchPlan, Plans
from common.plans.records import Day, Plan, Topics
from common.plans.rhythm import Rhythm
from common.plans.said import Said
from common.plans.words import AlreadyPlanned, DoesNotFit, NothingToCome

__all__ = [
    # planning
    "AHEAD",
    "plan_ahead",
    "Planned",
    "Planner",
    "Said",
    # looking
    "Day",
    "Plan",
    "Plans",
    "Rhythm",
    "Topics",
    # errors
    "AlreadyPlanned",
    "DoesNotFit",
    "NoSuchDay",
    "NoSuchPlan",
    "NothingToCome",
]  # fmt: skip
