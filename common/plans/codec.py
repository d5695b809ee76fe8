"""Plans and their days as documents."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, timedelta
from typing import Any

from common.documents import Document
from common.plans.records import Day, Plan, Topics
from common.plans.rhythm import Rhythm
from common.runs import Priority

__all__ = ["DAYS", "PLANS", "day_data", "plan_data", "read_day", "read_plan"]

PLANS, DAYS = "plans", "plan_days"
_KEPT = timedelta(days=180)
"""So long a day's document is kept once it is over: like its batch's."""


def plan_data(plan: Plan) -> dict[str, Any]:
    """All of a plan, as its document keeps it."""
    days = {"since": plan.since, "last": plan.last}
    return _data(plan) | {name: day and day.isoformat() for name, day in days.items()}


def day_data(day: Day) -> dict[str, Any]:
    """All of a day, as its document keeps it, with what it is asked for by."""
    ends = day.rhythm.window(day.day)[1]
    asked = {"day": day.day.isoformat(), "ends": ends, "expires": ends + _KEPT}
    return _data(day) | asked


def read_plan(document: Document) -> Plan:
    """The plan in a document."""
    known = _known(Plan, document)
    days = {name: known.get(name) for name in ("since", "last")}
    return Plan(**known | {name: day and date.fromisoformat(day) for name, day in days.items()})


def read_day(document: Document) -> Day:
    """The day in a document."""
    known = _known(Day, document)
    return Day(**known | {"day": date.fromisoformat(known["day"])})


def _data(record: Plan | Day) -> dict[str, Any]:
    data = {
        each.name: getattr(record, each.name) for each in fields(record) if each.name != "version"
    }
    nested = {"rhythm": asdict(record.rhythm), "topics": asdict(record.topics)}
    return data | nested | {"priority": record.priority.value}


def _known(kind: type, document: Document) -> dict[str, Any]:
    """Its fields, without those that newer code has added."""
    names = {each.name for each in fields(kind)}
    data = {name: value for name, value in document.data.items() if name in names}
    return data | {
        "rhythm": Rhythm(**data["rhythm"]),
        "topics": Topics(**data["topics"]),
        "priority": Priority(data["priority"]),
        "version": document.version,
    }
