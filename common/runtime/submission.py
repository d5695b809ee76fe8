"""Making a run of a job and its params."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.ids import derived_id, random_id
from common.runs import Priority, Run, Then
from common.runs.chaining import has_places
from common.runtime.jsontext import PARAMS_BYTES, to_json

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["checked_key", "continuation", "keyed_id", "model_of", "new_run", "prepared", "seconds"]


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
    batch: str | None = None,
    awaited: bool = False,
    root: str | None = None,
    parent: str | None = None,
    then: Then | None = None,
    text: str | None = None,
) -> Run:
    """A pending run, not yet in the ledger; `text` is that of its params, where it is known.

    The same key of the same tenant and job gives the same id, and so the same run.
    """
    if id is None:
        id = random_id() if key is None else keyed_id(tenant, job.name, key)
    return Run(
        id=id,
        job=job.name,
        queue=job.queue,
        params=_text(params) if text is None else text,
        created=now,
        due=due or now,
        tenant=tenant,
        priority=priority,
        key=key,
        ready=due is None or due <= now,
        batch=batch,
        awaited=awaited,
        root=root,
        parent=parent,
        then=then,
        follows=job.following.of(params) if job.following else None,
        max_attempts=job.retry.max_attempts,
        keep=seconds(job.keep),
    )


def keyed_id(tenant: str, job: str, key: str) -> str:
    """The id of the run that an idempotency key stands for. Raises InvalidInput."""
    return derived_id("key", tenant, job, checked_key(key))


def checked_key(key: str) -> str:
    """The key. Raises InvalidInput for an empty one: whoever forgot theirs would share it."""
    if not key:
        raise InvalidInput("A key is not empty: leave it out where there is none.")
    return key


def _text(params: BaseModel | None) -> str:
    return to_json({} if params is None else params, what="The params", limit=PARAMS_BYTES)


def prepared(
    job: Job, params: Mapping[str, Any] | BaseModel | None
) -> tuple[BaseModel | None, str]:
    """The job's params, and their text. Raises InvalidInput."""
    if job.params is None or not (params is None or isinstance(params, Mapping)):
        model = model_of(job, params)
        return model, _text(model)
    from common.runtime.params import validated

    return validated(job.params, params or {}, job=job.name)


def model_of(job: Job, params: Mapping[str, Any] | BaseModel | None) -> BaseModel | None:
    """The job's params, of their values or as they are. Raises InvalidInput."""
    if params is None or isinstance(params, Mapping):
        return job.validate(params or {})
    if job.params is None or not isinstance(params, job.params):
        raise InvalidInput(f"{job.name} does not take a {type(params).__name__} for its params.")
    return params


def continuation(job: Job, params: Mapping[str, Any], *, then: Then | None = None) -> Then:
    """A job and its params, to be submitted when something else has ended.

    They are checked now, unless they stand for what will only be known then. Raises InvalidInput.
    """
    if not has_places(dict(params)):
        job.validate(params)
    return Then(
        job=job.name,
        params=to_json(dict(params), what="The params", limit=PARAMS_BYTES),
        queue=job.queue,
        max_attempts=job.retry.max_attempts,
        keep=seconds(job.keep),
        then=then,
    )


def seconds(span: timedelta | None) -> float | None:
    """A span in seconds, if there is one."""
    return None if span is None else span.total_seconds()
