"""What Cloud Run bills for: the seconds of each task, of at least a minute.

Of each run a task bills the seconds from the end of the run before it, or the task's start, to its
own end. What is missing to the minute when the task ends is shared equally among its runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.runs.records import Run, evolve

__all__ = ["MINIMUM", "Resources", "billed", "task_seconds"]

MINIMUM = 60.0
"""Seconds that a task costs at least: https://cloud.google.com/run/pricing"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resources:
    """What a task has, as long as it lasts."""

    vcpu: float
    gib: float

    def cost(self, seconds: float, *, per_vcpu: float = 18e-6, per_gib: float = 2e-6) -> float:
        """US dollars for so many seconds, at the prices of us-central1."""
        return seconds * (self.vcpu * per_vcpu + self.gib * per_gib)


def task_seconds(runs: Sequence[float]) -> float:
    """Seconds that one task costs which has worked for so long on each of its runs."""
    return max(MINIMUM, sum(runs))


def billed(run: Run, seconds: float, resources: Resources) -> Run:
    """The run with so many more seconds on the bill of its last attempt."""
    if not run.attempts:
        return run
    *before, last = run.attempts
    more = evolve(
        last,
        vcpu_seconds=round((last.vcpu_seconds or 0.0) + seconds * resources.vcpu, 3),
        gib_seconds=round((last.gib_seconds or 0.0) + seconds * resources.gib, 3),
    )
    return evolve(run, attempts=(*before, more))
