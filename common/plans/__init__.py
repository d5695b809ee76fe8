"""Plans: runs spread over days, whose topics are gone through from day to day."""

from __future__ import annotations

from common.plans.daily import plan_ahead
from common.plans.planner import AlreadyPlanned, DoesNotFit, NothingToCome, Planned, Planner
from common.plans.plans import NoSuchDay, NoSuchPlan, Plans
from common.plans.records import Day, Plan, Topics
from common.plans.rhythm import Rhythm
from common.plans.said import Said

__all__ = [
    # planning
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
