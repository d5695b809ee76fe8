"""Making a batch: many runs of one job, all checked before the first is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.ids import derived_id, random_id
from common.runs import Batch, Priority, Run, Then
from common.runtime.submission import checked_key, new_run, prepared

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["MOST", "NothingAccepted", "keyed_batch_id", "new_batch"]

MOST = 100_000
"""Runs in one batch."""
_SHOWN = 20
"""Of the params that are wrong, how many are told."""


class NothingAccepted(InvalidInput):
    """Raised when some of a batch's params are wrong; says which, each on a line."""

    def __init__(self, wrong: Sequence[str], *, of: int) -> None:
        more = [f"… and {len(wrong) - _SHOWN:,} more"] if len(wrong) > _SHOWN else []
        head = f"Nothing was accepted, as {len(wrong):,} of {of:,} lines are wrong."
        super().__init__("\n".join([head, *wrong[:_SHOWN], *more]))


def new_batch(  # noqa: PLR0913 - all that can be asked of a batch
    job: Job,
    params: Sequence[Mapping[str, Any] | BaseModel | None],
    *,
    now: datetime,
    due: datetime | None = None,
    tenant: str = "",
    priority: Priority = Priority.NORMAL,
    key: str | None = None,
    then: Then | None = None,
    parent: str | None = None,
    within: Run | None = None,
) -> tuple[Batch, list[Run]]:
    """A batch and its runs, not yet in the ledger, in the order in which they shall go.

    It is within the batch of the run `within`, if that is in one.

    Raises InvalidInput, which names the params that are wrong by their number, from 1.
    """
    if not 1 <= len(params) <= MOST:
        raise InvalidInput(f"A batch has 1 to {MOST:,} runs, not {len(params):,}.")
    id = random_id() if key is None else keyed_batch_id(tenant, job.name, key)
    outer = within.batch if within else None
    root = (within.root or outer) if within else None
    awaited = then is not None or outer is not None
    first = (due or now) - timedelta(microseconds=len(params))
    runs = [
        new_run(
            job,
            model,
            text=text,
            id=derived_id("of", id, str(number)) if key else random_id(),
            now=now,
            due=first + timedelta(microseconds=number),
            tenant=tenant,
            priority=priority,
            batch=id,
            awaited=awaited,
            root=root,
            parent=parent,
        )
        for number, (model, text) in enumerate(_all_prepared(job, params), start=1)
    ]
    batch = Batch(
        id=id,
        total=len(runs),
        created=now,
        then=then,
        open=awaited,
        tenant=tenant,
        priority=priority,
        parent=parent,
        within=outer,
        root=root,
    )
    return batch, runs


def keyed_batch_id(tenant: str, job: str, key: str) -> str:
    """The id of the batch that an idempotency key stands for. Raises InvalidInput."""
    return derived_id("batch", tenant, job, checked_key(key))


def _all_prepared(
    job: Job, params: Sequence[Mapping[str, Any] | BaseModel | None]
) -> list[tuple[BaseModel | None, str]]:
    found: list[tuple[BaseModel | None, str]] = []
    wrong: list[str] = []
    for number, values in enumerate(params, start=1):
        try:
            found.append(prepared(job, values))
        except InvalidInput as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        raise NothingAccepted(wrong, of=len(params))
    return found
