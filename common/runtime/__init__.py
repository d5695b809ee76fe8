"""What a job is written with, and what runs it."""

from __future__ import annotations

from common.runs import Permanent, Retry, Retryable
from common.runtime.context import Context
from common.runtime.declare import Following, Job, job
from common.runtime.params import Params
from common.runtime.stopping import Cancelled, Interrupted, Lost, Stop, TimedOut

__all__ = [
    # declaring
    "Following",
    "Job",
    "Params",
    "Retry",
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
