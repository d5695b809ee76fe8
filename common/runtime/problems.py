"""What is wrong with a declaration, as far as the platform and runjobs can tell before it runs."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from common.runtime.declare import Job

__all__ = ["NAME", "problems_of"]

NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?")
"""What Cloud Run, too, takes for a name."""
_QUEUE = re.compile(r"[A-Za-z0-9-]{1,100}")
"""And what Cloud Tasks does."""
_SECRET = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
"""A variable, and what Secret Manager takes for a name."""
_RESERVED = ("RUNJOBS_", "CLOUD_RUN_", "CLOUD_TASKS_", "GOOGLE_CLOUD_PROJECT", "K_")
"""What the platform or deploying says itself."""
_MEMORY = re.compile(r"[1-9][0-9]*(?:Mi|Gi)")
_GIB = {1: (0.5, 4), 2: (0.5, 8), 4: (2, 16), 6: (4, 24), 8: (4, 32)}
"""Least and most memory for so many processors, as Cloud Run has it for jobs:
https://cloud.google.com/run/docs/configuring/jobs/memory-limits"""


def problems_of(declared: Job) -> list[str]:
    """All that it could not be run or deployed with."""
    problems = {
        "the name is not lower-case letters, digits and dashes, at most 49": not NAME.fullmatch(
            declared.name
        ),
        "the queue is not letters, digits and dashes, at most 100": not _QUEUE.fullmatch(
            declared.queue
        ),
        "memory is not like 512Mi or 4Gi": not _MEMORY.fullmatch(declared.memory),
        "cpu is not 1, 2, 4, 6 or 8": declared.cpu not in _GIB,
        "memory is not what Cloud Run has for so many cpu: for 1 it has 512Mi to 4Gi, for 2 to "
        "8Gi, for 4 2Gi to 16Gi, for 6 4Gi to 24Gi, for 8 4Gi to 32Gi": not _is_memory(declared),
        "timeout is not between 1 second and 168 hours": not (
            timedelta(seconds=1) <= declared.timeout <= timedelta(hours=168)
        ),
        "drain is negative, or with the timeout more than 168 hours": not (
            timedelta() <= declared.drain <= timedelta(hours=168) - declared.timeout
        ),
        "keep is negative": declared.keep is not None and declared.keep < timedelta(),
        "a secret is not a variable of its own, like STRIPE_SECRET_KEY": not (
            _are_secrets(declared.secrets) and _are_secrets(declared.optional_secrets)
        ),
        "following names no param": declared.following is not None
        and declared.following.param not in getattr(declared.params, "model_fields", {}),
        "topics names no param": declared.topics is not None
        and declared.topics not in getattr(declared.params, "model_fields", {}),
        "it has a schedule, and params that have no defaults": declared.schedule is not None
        and _needs_params(declared),
    }
    return [problem for problem, holds in problems.items() if holds]


def _needs_params(declared: Job) -> bool:
    fields = getattr(declared.params, "model_fields", {})
    return any(field.is_required() for field in fields.values())


def _is_memory(declared: Job) -> bool:
    if declared.cpu not in _GIB or not _MEMORY.fullmatch(declared.memory):
        return True  # which is a problem of its own
    least, most = _GIB[declared.cpu]
    return least <= declared.resources.gib <= most


def _are_secrets(names: Collection[str]) -> bool:
    if isinstance(names, str) or len(set(names)) < len(names):
        return False
    return all(_SECRET.fullmatch(name) and not name.startswith(_RESERVED) for name in names)
