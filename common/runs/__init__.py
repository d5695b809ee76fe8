"""Runs and their lifecycle, written once over the documents store."""

from __future__ import annotations

from common.runs import transitions
from common.runs.batches import Batch, Batches, NoSuchBatch
from common.runs.drain import Drain
from common.runs.errors import (
    KeyReused,
    LeaseLost,
    NewerSchema,
    NoSuchRun,
    NotClaimable,
    Permanent,
    Refused,
    Retryable,
)
from common.runs.ledger import LEASE, Runs
from common.runs.line import Depth, Line
from common.runs.queues import Queue, QueueLimits, Queues
from common.runs.records import (
    Attempt,
    Execution,
    Failure,
    Follows,
    Outcome,
    Priority,
    Progress,
    Run,
    State,
    Then,
    Worker,
)
from common.runs.retention import Retention
from common.runs.retry import Retry
from common.runs.schedule import Schedule

__all__ = [
    # the ledger
    "LEASE",
    "Batch",
    "Batches",
    "Drain",
    "Retention",
    "Runs",
    # queues
    "Depth",
    "Line",
    "Queue",
    "QueueLimits",
    "Queues",
    # records
    "Attempt",
    "Execution",
    "Failure",
    "Follows",
    "Outcome",
    "Priority",
    "Progress",
    "Run",
    "State",
    "Then",
    "Worker",
    "transitions",
    # policy
    "Retry",
    "Schedule",
    # errors
    "KeyReused",
    "LeaseLost",
    "NewerSchema",
    "NoSuchBatch",
    "NoSuchRun",
    "NotClaimable",
    "Permanent",
    "Refused",
    "Retryable",
]  # fmt: skip
