"""daily-plan: plans the days to come of plans that are daily."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, Field

from common.runtime import Context, Params, Permanent, Schedule, job

__all__ = ["DailyPlan", "DailyPlanParams", "PlannedDay", "daily_plan"]


class DailyPlanParams(Params):
    """Which days are planned."""

    plan: str | None = Field(
        default=None, description="Of this plan only, be it daily or not; else of all daily ones."
    )
    ahead: int = Field(
        default=36, ge=1, le=720, description="Hours: each day that begins within them is planned."
    )


class PlannedDay(BaseModel):
    """A day that was planned."""

    plan: str
    day: str
    runs: int
    batch: str


class DailyPlan(BaseModel):
    """The result."""

    success: bool
    message: str
    planned_count: int
    """Days."""
    run_count: int
    planned: list[PlannedDay]


@job(
    "daily-plan",
    queue="maintenance-tasks",
    memory="1Gi",
    schedule=Schedule("10 0 * * *", missed="once"),
)
def daily_plan(params: DailyPlanParams, run: Context) -> DailyPlan:
    """Plan the days to come of plans that are daily."""
    from common.errors import InvalidInput
    from common.plans import Planner, plan_ahead

    if run.tenant:
        raise InvalidInput("daily-plan is for all tenants: it is the operator's to run.")
    troubles: list[str] = []
    planned: list[PlannedDay] = []
    for done in plan_ahead(
        Planner(run.documents, lambda: run.blobs),
        ahead=timedelta(hours=params.ahead),
        only=params.plan,
        on_trouble=lambda name, error: troubles.append(f"{name}: {error}"),
    ):
        if done.day is not None and done.due is not None:
            run.look_at(done.queue, done.due)
            day = done.day
            planned.append(
                PlannedDay(
                    plan=day.plan, day=day.day.isoformat(), runs=done.waiting, batch=day.batch
                )
            )
        run.progress(0.5, f"{len(planned):,} days")
    if troubles:
        raise Permanent(f"Not all could be planned. {' '.join(troubles)}"[:2_000])
    return _told(planned)


def _told(planned: list[PlannedDay]) -> DailyPlan:
    runs = sum(day.runs for day in planned)
    said = f"Planned {runs:,} runs on {len(planned):,} days." if planned else "Nothing to plan."
    return DailyPlan(
        success=True, message=said, planned_count=len(planned), run_count=runs, planned=planned
    )
