"""Making a run of a job and its params."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from common.ids import derived_id, random_id
from common.runs import Priority, Run
from common.runtime.jsontext import PARAMS_BYTES, to_json

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["new_run"]


def new_run(  # noqa: PLR0913 - all that can be asked of a run
    job: Job,
    params: BaseModel | None,
    *,
    now: datetime,
    id: str | None = None,
    due: datetime | None = None,
    tenant: str = "",
    priority: Priority = Priority.NORMAL,
    key: str | None = None,
) -> Run:
    """A pending run, not yet in the ledger.

    The same key of the same tenant and job gives the same id, and so the same run.
    """
    if id is None:
        id = random_id() if key is None else derived_id("key", tenant, job.name, key)
    return Run(
        id=id,
        job=job.name,
        queue=job.queue,
        params=to_json({} if params is None else params, what="The params", limit=PARAMS_BYTES),
        created=now,
        due=due or now,
        tenant=tenant,
        priority=priority,
        key=key,
        follows=job.following.of(params) if job.following else None,
        max_attempts=job.retry.max_attempts,
    )
