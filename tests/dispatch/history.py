"""What the ledger's histories say of how many ran, and began, at which time."""

from __future__ import annotations

from collections.abc import Iterable

from common.runs import Run

__all__ = ["begins", "most_at_once", "most_within"]


def begins(runs: Iterable[Run]) -> list[float]:
    """When each attempt took its slot, in seconds, in order."""
    found = [attempt for run in runs for attempt in run.attempts]
    return sorted((attempt.reserved or attempt.started).timestamp() for attempt in found)


def most_at_once(runs: Iterable[Run]) -> int:
    """How many held a slot at the same time, at most. One that ends at a moment frees its slot for
    one that begins at it."""
    found = [attempt for run in runs for attempt in run.attempts]
    steps = sorted(
        [((attempt.reserved or attempt.started).timestamp(), 1) for attempt in found]
        + [(attempt.ended.timestamp(), -1) for attempt in found]
    )
    most = active = 0
    for _, step in steps:
        active += step
        most = max(most, active)
    return most


def most_within(times: list[float], seconds: float) -> int:
    """How many there are in any stretch of that length, at most."""
    return max(sum(start <= time < start + seconds for time in times) for start in times)
