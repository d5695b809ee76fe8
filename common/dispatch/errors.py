"""What keeps runs from being started, and whether that may pass."""

from __future__ import annotations

from common.dispatch.executors import StartRefused
from common.errors import RunjobsError, Unavailable
from common.runs import Run

__all__ = ["NotStarted", "is_for_now"]


class NotStarted(RunjobsError):
    """Raised when a run was accepted and is pending, but no execution could be started for it."""

    def __init__(self, run: Run, cause: RunjobsError, *, batch: str | None = None) -> None:
        what = f"Batch {batch}" if batch else f"Run {run.id}"
        again = "runjobs sweep" if batch else f"runjobs watch {run.id}"
        super().__init__(
            f"{what} is accepted, but could not be started: {cause} It stays pending; "
            f"`{again}` tries again."
        )
        self.run = run
        """The run, or the first of the batch."""
        self.batch = batch
        self.for_now = is_for_now(cause)
        """Whether trying again later may help."""


def is_for_now(error: RunjobsError) -> bool:
    """Whether the same may go well later."""
    return isinstance(error, Unavailable) or (isinstance(error, StartRefused) and error.retryable)
