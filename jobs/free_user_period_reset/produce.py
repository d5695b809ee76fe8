"""The whole reset: all free users whose period is over, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.data.users import USERS
from common.documents import Query
from common.maintenance import Upkeep
from jobs.free_user_period_reset.params import PeriodReset, PeriodsReset
from jobs.free_user_period_reset.reset import Reset

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["produce"]

_FREE = Query(USERS, where=(("plan", "==", "free"),))
_OVERDUE = timedelta(days=32)


def produce(params: PeriodReset, run: Context) -> PeriodsReset:
    """Reset what is due. Raises TooMany."""
    with Upkeep(run, params) as upkeep:
        # That a month ends for all of them at once is usual. What is not is to be months behind:
        # then it is perhaps the dates that are wrong.
        overdue = _due(upkeep.as_of - _OVERDUE)
        upkeep.guard(overdue, of=_FREE, what="free users who are more than a month behind")
        step = Reset(run.documents, as_of=upkeep.as_of, metrics=params.metrics, log=run.log)
        upkeep.sweep(_due(upkeep.as_of), step)
        begin = "Completed the period reset" if upkeep.dry_run else "Period reset completed"
        result = upkeep.report(PeriodsReset, lambda counts: f"{begin} for {_sentence(counts)}")
    return result.model_copy(update={"unknown_zones": sorted(step.unknown_zones)})


def _due(time: datetime) -> Query:
    where = (*_FREE.where, ("period_end", "<=", time))
    return Query(USERS, where=where, order=("period_end",))


def _sentence(counts: Mapping[str, int]) -> str:
    told = f"{counts['updated_count']:,} free users"
    if strange := counts["unknown_zone_count"]:
        told += f", {strange:,} of them taken to be in UTC, as their time zones do not exist"
    return told
