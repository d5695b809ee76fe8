"""Runs and their lifecycle, written once over the documents store."""

from __future__ import annotations

from common.runs import transitions
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
    Worker,
)
from common.runs.retry import Retry

__all__ = [
    # the ledger
    "LEASE",
    "Runs",
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
    "Worker",
    "transitions",
    # policy
    "Retry",
    # errors
    "KeyReused",
    "LeaseLost",
    "NewerSchema",
    "NoSuchRun",
    "NotClaimable",
    "Permanent",
    "Refused",
    "Retryable",
]  # fmt: skip
