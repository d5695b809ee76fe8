"""What can be asked of free-user-period-reset, and what comes of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from common.maintenance import UpkeepParams, UpkeepReport

__all__ = ["PeriodReset", "PeriodsReset"]

Metric = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]


class PeriodReset(UpkeepParams):
    """Begin the next billing period of free users whose last one is over."""

    metrics: list[Metric] = Field(
        default=["pages"],
        max_length=20,
        description="What is counted: each gets a counter at 0 in a new period.",
    )


class PeriodsReset(UpkeepReport):
    """The result."""

    updated_count: int = 0
    """Users who are in a new period now."""
    created_count: int = 0
    """Counters that were made for them."""
    missed_count: int = 0
    """Of the users, those who had gone without for a whole period or more."""
    prolonged_count: int = 0
    """Users who moved west: the period that they are in ends later there."""
    unknown_zone_count: int = 0
    """Users whose time zone does not exist: taken as UTC."""
    unknown_zones: list[str] = Field(default=[])
    """Some of the time zones that do not exist."""
