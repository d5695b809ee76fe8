"""What is asked of a plan, and what the plan is by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.errors import InvalidInput
from common.plans.plans import check_name
from common.plans.records import Day, Plan, Topics
from common.plans.rhythm import Rhythm, local_minute
from common.plans.topics import Shelf
from common.runs import Priority

__all__ = ["Said", "as_of", "differences", "merged"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What is asked of a plan; what is None stays as it was, or as it is by default."""

    job: str | None = None
    """Whose params the topics are."""
    topics: Sequence[Mapping[str, Any]] | None = None
    """The params of a run each."""
    kept: Topics | None = None
    """And where these are kept, once they are."""
    options: Mapping[str, Any] | None = None
    """What was said once for all of them, for those to come that do not say it."""
    per_day: int | None = None
    per_hour: int | None = None
    start: str | None = None
    until: str | None = None
    zone: str | None = None
    tenant: str | None = None
    priority: Priority | None = None
    daily: bool | None = None
    once: bool | None = None

    @property
    def spreads(self) -> bool:
        """Whether anything is said of how many there are, and when."""
        said = (self.per_day, self.per_hour, self.start, self.until, self.zone)
        return any(each is not None for each in said)


def merged(name: str, plan: Plan | None, said: Said, shelf: Shelf, now: datetime) -> Plan:
    """The plan as it is by what is said, with the topics that are kept. Raises InvalidInput.

    New topics begin at the first of them, unless they are the old ones with more at their end.
    """
    rhythm, given = _rhythm(plan.rhythm if plan else None, said, now), said.kept
    if plan is None:
        if given is None:
            raise InvalidInput(f"There is no plan {name} yet: say its topics by --topics FILE.")
        plan = Plan(name=check_name(name), job=said.job or "", rhythm=rhythm, topics=given)
    if given is not None and said.job != plan.job:
        raise InvalidInput(f"The plan {name} is of {plan.job}, not {said.job}: say another --name.")
    topics = given or plan.topics
    next = plan.next if shelf.goes_on(plan.topics, topics) else 0
    flags: dict[str, Any] = {
        "options": said.options,
        "tenant": said.tenant,
        "priority": said.priority,
        "daily": said.daily,
        "once": said.once,
    }
    known = {flag: value for flag, value in flags.items() if value is not None}
    since = None if said.daily and not plan.daily else plan.since
    return replace(plan, rhythm=rhythm, topics=topics, next=next, since=since, **known)


def as_of(plan: Plan, day: Day) -> Plan:
    """The plan as it was when that day was planned."""
    return replace(
        plan,
        job=day.job,
        rhythm=day.rhythm,
        topics=day.topics,
        tenant=day.tenant,
        priority=day.priority,
    )


def differences(day: Day, plan: Plan) -> str:
    """How a day was planned, as far as the plan says something else."""
    compared = {
        f"by {day.job}": (day.job, plan.job),
        str(day.rhythm): (day.rhythm, plan.rhythm),
        f"{day.topics.count:,} other topics": (day.topics.sha256, plan.topics.sha256),
        f"for {day.tenant or 'no tenant'}": (day.tenant, plan.tenant),
        f"with {day.priority.name.lower()} priority": (day.priority, plan.priority),
    }
    return ", ".join(words for words, (was, asked) in compared.items() if was != asked)


def _rhythm(old: Rhythm | None, said: Said, now: datetime) -> Rhythm:
    if old is None:
        zone = said.zone or "UTC"
        return Rhythm(
            per_day=said.per_day,
            per_hour=said.per_hour,
            start=said.start or local_minute(now, zone),
            until=said.until,
            zone=zone,
        )
    asked: dict[str, Any] = {
        "per_day": said.per_day,
        "per_hour": said.per_hour,
        "start": said.start,
        "until": said.until,
        "zone": said.zone,
    }
    return replace(old, **{name: value for name, value in asked.items() if value is not None})
