"""Batches: many runs of one job at once, as one JSON body or a line for each."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NotRequired

from typing_extensions import TypedDict

from common.dispatch import NotStarted
from common.dispatch.report.batches import BatchData, batch_data, standing
from common.runtime.discover import find_job
from common.runtime.lines import models_of
from common.runtime.together import keyed_batch_id
from common.web.asked import Answer, Asked, Lines
from common.web.shapes import NewBatch, Wanted
from common.web.wanted import options
from common.web.warned import WARNING, tell

__all__ = ["CancelledBatch", "Submitted", "cancel", "create", "get"]


class Submitted(TypedDict):
    """A batch that is accepted."""

    batch: str
    runs: int
    job: str
    warning: NotRequired[str]


class CancelledBatch(BatchData):
    """How a batch stands once its runs were asked to stop."""

    asked: int


def create(asked: Asked) -> Answer:
    """Submit a batch: all of it, or nothing."""
    wanted: Wanted = asked.query if isinstance(asked.body, Lines) else asked.body
    params = _params(asked, wanted)
    known = options(asked, wanted)
    again = _is_known(asked, wanted, known["key"])
    try:
        id = asked.client.submit_many(wanted.job, params, **known)[0].batch or ""
    except NotStarted as error:
        tell(error)
        return _located(error.batch or "", wanted.job, len(params), 202, warning=WARNING)
    return _located(id, wanted.job, len(params), 200 if again else 201)


def get(asked: Asked) -> Answer:
    """How a batch stands."""
    return Answer(content=batch_data(standing(asked.client.runs, asked.path["id"])))


def cancel(asked: Asked) -> Answer:
    """Cancel all of its runs that have not ended."""
    client, id = asked.client, asked.path["id"]
    standing(client.runs, id)  # raises where there is no such batch
    count = client.cancel_batch(id)
    found: CancelledBatch = {**batch_data(standing(client.runs, id)), "asked": count}
    return Answer(content=found)


def _params(asked: Asked, wanted: Wanted) -> list[Any]:
    if isinstance(asked.body, Lines):
        return models_of(find_job(wanted.job), BytesIO(asked.body.content))
    return asked.body.params if isinstance(asked.body, NewBatch) else []


def _is_known(asked: Asked, wanted: Wanted, key: str | None) -> bool:
    if key is None:
        return False
    id = keyed_batch_id(wanted.tenant, wanted.job, key)
    return asked.client.dispatcher.batches.find(id) is not None


def _located(id: str, job: str, runs: int, status: int, **more: str) -> Answer:
    content = {"batch": id, "runs": runs, "job": job, **more}
    return Answer(content=content, status=status, headers={"Location": f"/v1/batches/{id}"})
