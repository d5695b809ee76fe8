"""Where data of users is: all collections of documents that have any.

Whoever adds a collection says here whose its documents are, or in a test that they are nobody's.
"""

from __future__ import annotations

from common.automations.store import AUTOMATIONS
from common.data.artifacts import ARTIFACTS
from common.data.creations import CREATIONS
from common.data.extraction_jobs import EXTRACTION_JOBS
from common.data.usage import USAGE_COUNTERS, USAGE_EVENTS
from common.integrations import COLLECTION as INTEGRATIONS
from common.integrations.imports import COLLECTION as IMPORTS

__all__ = [
    "BATCHES",
    "ENDED",
    "EXPORTS",
    "FOLDERS",
    "PLANS",
    "IMPORTS",
    "LEASES",
    "OF_TENANTS",
    "OF_USERS",
    "RUNS",
    "SIMPLE",
    "USAGE",
]

RUNS, BATCHES, LEASES, EXPORTS, PLANS = "runs", "batches", "leases", "exports", "plans"
ENDED = frozenset({"succeeded", "failed", "cancelled"})
"""States of runs."""

USAGE = (USAGE_COUNTERS, USAGE_EVENTS)
OF_USERS = (
    INTEGRATIONS,
    EXTRACTION_JOBS,
    ARTIFACTS,
    CREATIONS,
    EXPORTS,
    *USAGE,
    AUTOMATIONS,
)
"""Their documents name `tenant` and `user`."""
SIMPLE = (CREATIONS, EXPORTS, AUTOMATIONS)
"""Of those, what goes without further ado."""
FOLDERS = (EXTRACTION_JOBS, ARTIFACTS, PLANS)
"""Their documents have a folder in the blob store, too."""
OF_TENANTS = (
    BATCHES,
    PLANS,
    "plan_days",
    "monitors",
    "monitor_changes",
    EXTRACTION_JOBS,
    ARTIFACTS,
    CREATIONS,
    EXPORTS,
)
"""What goes with a tenant's last user, whether it names a user or not."""
