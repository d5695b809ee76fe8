"""free-user-period-reset: free users whose month is over begin the next one."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.free_user_period_reset.params import PeriodReset, PeriodsReset

__all__ = ["PeriodReset", "PeriodsReset", "free_user_period_reset"]


@job(
    "free-user-period-reset",
    queue="maintenance-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(hours=1),
    schedule="30 0 * * *",
)
def free_user_period_reset(params: PeriodReset, run: Context) -> PeriodsReset:
    """Begin the next billing period of free users whose last one is over."""
    from jobs.free_user_period_reset.produce import produce

    return produce(params, run)
