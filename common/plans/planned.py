"""What became of planning a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from common.plans.records import Day, Plan
from common.runtime.discover import find_job

__all__ = ["Planned"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What became of it."""

    plan: Plan
    day: Day | None
    """None where no day was touched."""
    due: datetime | None = None
    """When the first run that waits is due."""
    last: datetime | None = None
    """And the last one."""
    waiting: int = 0
    """Runs that wait afterwards."""
    made: int = 0
    changed: int = 0
    cancelled: int = 0
    again: bool = False
    """Whether all of it was there already."""

    @property
    def queue(self) -> str:
        """The queue that is to be looked at when the first run is due."""
        return find_job(self.plan.job).queue

    def after(self, before: Planned) -> Planned:
        """Both together, of which this was done last."""
        return replace(
            self,
            made=before.made + self.made,
            changed=before.changed + self.changed,
            cancelled=before.cancelled + self.cancelled,
        )
