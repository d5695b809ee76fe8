"""A job's schedule and the runs of its moments, as the ledger takes them from the declaration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.runs import Run
from common.runs.firings import Scheduled
from common.runtime.submission import new_run

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["scheduled"]


def scheduled(job: Job, params: BaseModel | None = None) -> Scheduled:
    """What the ledger has to know of a job that has a schedule; by default with default params.

    Raises InvalidInput where it has none.
    """
    if job.schedule is None:
        raise InvalidInput(f"{job.name} has no schedule: see `runjobs jobs`.")

    def make(moment: datetime, now: datetime) -> Run:
        # By a key: so the same moment's run is the same, and shows for which it was.
        key = f"schedule {moment.astimezone(UTC).isoformat()}"
        return new_run(job, params or job.validate({}), now=now, key=key)

    return Scheduled(job=job.name, schedule=job.schedule, make=make)
