"""The plans of a documents store, and the days that were planned by them: reading."""

from __future__ import annotations

import re
from datetime import date

from common.documents import Documents, Query
from common.errors import InvalidInput
from common.plans.codec import DAYS, PLANS, read_day, read_plan
from common.plans.records import Day, Plan, day_id

__all__ = ["NoSuchDay", "NoSuchPlan", "Plans", "check_name"]

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
_MOST = 100
"""Days that go on at once, of all plans."""


class NoSuchPlan(InvalidInput):
    """Raised when there is no plan of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no plan {name}: see `runjobs plan list`.")


class NoSuchDay(InvalidInput):
    """Raised when a plan has no such day."""

    def __init__(self, name: str, day: date | None) -> None:
        which = "no day that is not over" if day is None else f"no {day}"
        super().__init__(f"Of the plan {name} {which} is planned: see `runjobs plan list`.")


class Plans:
    """Plans and their days, as they are kept."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def find(self, name: str) -> Plan | None:
        """The plan, if there is one."""
        found = self.documents.get(PLANS, name)
        return None if found is None else read_plan(found)

    def get(self, name: str) -> Plan:
        """The plan; raises NoSuchPlan."""
        if (found := self.find(name)) is None:
            raise NoSuchPlan(name)
        return found

    def all(self) -> list[Plan]:
        """All there are, by name."""
        found = map(read_plan, self.documents.query(Query(PLANS)))
        return sorted(found, key=lambda plan: plan.name)

    def day(self, name: str, day: date) -> Day | None:
        """A day of a plan, if it is planned."""
        found = self.documents.get(DAYS, day_id(name, day))
        return None if found is None else read_day(found)

    def days(self) -> list[Day]:
        """The days of all plans that are not over, those that end first before the others."""
        query = Query(
            DAYS,
            where=(("ends", ">", self.documents.now()),),
            order=("ends",),
            limit=_MOST,
        )
        return [read_day(found) for found in self.documents.query(query)]

    def current(self, name: str, day: date | None = None) -> Day:
        """That day or, without one, the first that is neither over nor cancelled.

        Raises NoSuchDay.
        """
        if day is not None:
            found = self.day(name, day)
        else:
            going_on = [each for each in self.days() if each.plan == name]
            going_on.sort(key=lambda each: (each.cancelled is not None, each.day))
            found = next(iter(going_on), None)
        if found is None:
            raise NoSuchDay(name, day)
        return found


def check_name(name: str) -> str:
    """The name, if a plan can have it. Raises InvalidInput."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} cannot name a plan: use lower-case letters, digits and dashes, at most 40."
        )
    return name
