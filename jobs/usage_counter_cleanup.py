"""usage-counter-cleanup: counters of periods that are long over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from common.data.usage import USAGE_COUNTERS, counter_of
from common.documents import Document, Query
from common.maintenance import (
    Change,
    Upkeep,
    UpkeepParams,
    UpkeepReport,
    months_before,
    removal,
)
from common.runtime import Context, job
from common.words import several

__all__ = ["UsageCounterCleanup", "UsageCounterReport", "usage_counter_cleanup"]


class UsageCounterCleanup(UpkeepParams):
    """How long counters are kept."""

    keep_months: int = Field(
        default=13, ge=1, le=1_200, description="Calendar months after a period's end."
    )


class UsageCounterReport(UpkeepReport):
    """The result."""

    removed_count: int = 0


@job(
    "usage-counter-cleanup",
    queue="maintenance-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(hours=1),
    schedule="0 2 * * 0",
)
def usage_counter_cleanup(params: UsageCounterCleanup, run: Context) -> UsageCounterReport:
    """Remove usage counters whose period ended more than 13 months ago."""
    with Upkeep(run, params) as upkeep:
        before = months_before(upkeep.as_of, params.keep_months)
        ended = Query(USAGE_COUNTERS, where=(("period_end", "<", before),), order=("period_end",))

        def step(document: Document) -> Change | None:
            end = counter_of(document).period_end
            return removal(document, f"whose period ended {end:%F}") if end < before else None

        def sentence(counts: Mapping[str, int]) -> str:
            return (
                f"Removed {several(counts['removed_count'], 'usage counter')} "
                f"older than {params.keep_months} months."
            )

        upkeep.guard(ended, of=Query(USAGE_COUNTERS), what="usage counters")
        upkeep.sweep(ended, step)
        return upkeep.report(UsageCounterReport, sentence)
