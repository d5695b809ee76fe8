"""Ways in parts: what one commit takes, and the plan and the day as they are by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from common.documents.writes import MAX_WRITES
from common.plans.records import Day, Plan
from common.plans.steps import Step, Way

__all__ = ["day_after", "made", "next_part", "plan_after"]

_DOCUMENTS = 3
"""Besides runs, in each commit: the plan, the day, the batch."""


def next_part(steps: Sequence[Step]) -> Sequence[Step]:
    """As many of them as one commit takes."""
    room = MAX_WRITES - _DOCUMENTS
    for count, step in enumerate(steps):
        room -= step.writes
        if room < 0:
            return steps[:count]
    return steps


def made(steps: Sequence[Step]) -> int:
    """How many runs they make."""
    return sum(step.old is None for step in steps)


def day_after(day: Day, found: Way, part: Sequence[Step], *, is_last: bool) -> Day:
    """The day as it is once a part of the way is done."""
    return replace(
        day,
        total=day.made + made(found.steps),
        made=day.made + made(part),
        replacing=day.replacing and not is_last,
    )


def plan_after(plan: Plan, day: Day, found: Way, part: Sequence[Step]) -> Plan:
    """The plan as it is then."""
    takes = bool(made(part)) or day.replacing
    return replace(
        plan,
        next=_next(plan, day, found, part),
        last=_last(plan, day) if takes else plan.last,
        since=plan.since or day.day,
    )


def _next(plan: Plan, day: Day, found: Way, part: Sequence[Step]) -> int:
    """The topic that comes next once a part is done."""
    if day.replacing:
        return found.next
    known = [step.next for step in part if step.next is not None]
    return known[-1] if known else plan.next


def _last(plan: Plan, day: Day) -> date | None:
    """The day that has taken topics last; none where an earlier one has taken more since."""
    return day.day if plan.last is None or plan.last <= day.day else None
