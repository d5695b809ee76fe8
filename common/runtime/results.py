"""What became of the runs of a batch, for whoever continues it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.runs import Run, Runs, State
from common.runtime.jsontext import from_json

__all__ = ["Result", "results"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of one run."""

    id: str
    job: str
    state: State
    params: Any
    """As it was submitted: plain data."""
    result: Any
    """What its function returned, as plain data; None unless it succeeded."""
    error: str | None
    """Why it failed, if it did."""


def results(
    runs: Runs, batch: str, *, job: str | None = None, tenant: str = ""
) -> Iterator[Result]:
    """What became of each run of a batch, or of those of a job and a tenant, in no particular
    order."""
    where = {"batch": batch, "job": job, "tenant": tenant or None}
    asked = {field: value for field, value in where.items() if value is not None}
    return map(_result, runs.every(asked))


def _result(run: Run) -> Result:
    return Result(
        id=run.id,
        job=run.job,
        state=run.state,
        params=from_json(run.params),
        result=None if run.result is None else from_json(run.result),
        error=run.error.message if run.error else None,
    )
