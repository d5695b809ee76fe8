"""What became of the runs that a stage had submitted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from common.runtime import Permanent, Retryable

if TYPE_CHECKING:
    from common.runtime import Context
    from common.runtime.results import Result

__all__ = ["StageFailed", "all_of", "only"]


class StageFailed(Permanent):
    """Raised when what a stage had submitted failed, so that the chain cannot go on."""

    def __init__(self, found: Result) -> None:
        super().__init__(
            f"{found.job} {found.id} {found.state}: {found.error or 'it was stopped'} "
            f"Once it is mended: `runjobs dead-letters replay {found.id}`, then replay this run."
        )


def all_of(batch: str, job: str, run: Context) -> Iterator[Result]:
    """How each run of a job ended. Raises Retryable where one was replayed, and has not."""
    for found in run.results(batch, job=job):
        run.check()
        if not found.state.ended:
            raise Retryable(f"{job} {found.id} is {found.state}: it is waited for.", after=30)
        yield found


def only(batch: str, job: str, run: Context) -> dict[str, Any] | None:
    """The result of the one run of a job; None if there is none. Raises StageFailed."""
    last = None
    for found in all_of(batch, job, run):
        if found.result is None:
            raise StageFailed(found)
        last = found.result
    return last
