"""Plans and their days as JSON objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from common.dispatch.report.runs import time
from common.plans.records import Plan
from common.plans.standing import DayStanding, Kind

__all__ = ["day_data", "plan_data"]


def plan_data(plan: Plan, days: Sequence[DayStanding]) -> dict[str, Any]:
    """How days are planned, and how those stand that are not over."""
    return {
        "name": plan.name,
        "job": plan.job,
        "tenant": plan.tenant,
        "priority": plan.priority.name.lower(),
        **asdict(plan.rhythm),
        "daily": plan.daily,
        "once": plan.once,
        "topics": plan.topics.count,
        "next_topic": plan.next % plan.topics.count + 1,
        "options": dict(plan.options),
        "days": [day_data(day) for day in days],
    }


def day_data(found: DayStanding) -> dict[str, Any]:
    """How a day stands; hour by hour, where that was looked at. Times are RFC 3339."""
    day = found.day
    begins, ends = day.rhythm.window(day.day)
    return {
        "plan": day.plan,
        "day": day.day.isoformat(),
        "job": day.job,
        "batch": day.batch,
        **asdict(day.rhythm),
        "begins": time(begins),
        "ends": time(ends),
        "runs": found.total,
        "left": found.left,
        "counts": _counts(found.counts),
        "complete": day.complete,
        "cancelled": time(day.cancelled),
        "next_due": [due.isoformat() for due in found.next],
        "hours": [
            {"hour": hour.begins.isoformat(), **_counts(hour.counts)} for hour in found.hours
        ],
    }


def _counts(counts: Mapping[Kind, int]) -> dict[str, int]:
    return {kind.value: counts.get(kind, 0) for kind in Kind}
