"""What a job is written with, and what runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.runs import Permanent, QueueLimits, Retry, Retryable, Schedule
from common.runtime.context import Context
from common.runtime.declare import Following, Job, job
from common.runtime.stopping import Cancelled, Interrupted, Lost, Stop, TimedOut

if TYPE_CHECKING:
    from common.runtime.params import Params

__all__ = [
    # declaring
    "Following",
    "Job",
    "Params",
    "QueueLimits",
    "Retry",
    "Schedule",
    "job",
    # running
    "Context",
    # failing
    "Permanent",
    "Retryable",
    # being stopped
    "Cancelled",
    "Interrupted",
    "Lost",
    "Stop",
    "TimedOut",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Params on demand: it brings pydantic along, which a job without params can do without."""
    if name != "Params":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from common.runtime.params import Params

    return Params
