"""What is kept of a plan, and of each day that was planned by it.

plan   how days are planned: a job, its topics, a rhythm, and which topic comes next
day    the runs of one day, which are one batch; it keeps what it was planned by, so that asking for
       the same again is known to be the same
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from common.ids import derived_id
from common.plans.rhythm import Rhythm
from common.runs import Priority

__all__ = ["Day", "Plan", "Topics", "day_id"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Topics:
    """A topics file as it was given, kept among the blobs."""

    path: str
    sha256: str
    """Of what is kept."""
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How days are planned, from the next one on."""

    name: str
    job: str
    rhythm: Rhythm
    topics: Topics
    tenant: str = ""
    priority: Priority = Priority.NORMAL
    daily: bool = False
    """Whether days to come are planned without being asked for."""
    since: date | None = None
    """The first day of it or, once it is daily, of that: none before is planned unasked."""
    once: bool = False
    """Whether each topic comes once only; else they begin again at the first."""
    next: int = 0
    """The place of the topic that comes next, from 0; behind the last one it is their number."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Params that all topics have which do not say them, as of when they were given."""
    last: date | None = None
    """The day that took topics last, so that it is the one that can give them back."""
    version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day that was planned."""

    plan: str
    day: date
    job: str
    rhythm: Rhythm
    topics: Topics
    tenant: str
    priority: Priority
    first: int = 0
    """The place among the topics at which it began to take some."""
    total: int = 0
    """Runs that were to be made for it in all, those included that were cancelled since."""
    made: int = 0
    """Runs that were made; fewer than in all where that was interrupted."""
    replacing: bool = False
    """Whether an exchange of its topics has begun and not ended."""
    cancelled: datetime | None = None
    """When what had not started was cancelled."""
    version: str = ""

    @property
    def id(self) -> str:
        """Of its document."""
        return day_id(self.plan, self.day)

    @property
    def batch(self) -> str:
        """The id of the batch that its runs are."""
        return derived_id("plan", self.plan, self.day.isoformat())

    @property
    def complete(self) -> bool:
        """Whether nothing of what was asked for it is left to do."""
        return self.made >= self.total and not self.replacing

    def like(self, plan: Plan) -> bool:
        """Whether it was planned by what the plan says."""
        asked = (plan.job, plan.rhythm, plan.topics.sha256, plan.tenant, plan.priority)
        return asked == (self.job, self.rhythm, self.topics.sha256, self.tenant, self.priority)


def day_id(plan: str, day: date) -> str:
    """The id of a day's document."""
    return f"{plan} {day.isoformat()}"
