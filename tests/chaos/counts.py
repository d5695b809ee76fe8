"""How often each fault is tried, and where what was reached is noted."""

from __future__ import annotations

import os

__all__ = ["CHAOS", "trials"]

CHAOS = bool(os.environ.get("CHAOS"))
"""Whether the counts of faults.md are wanted, as `make chaos` does."""


def trials(few: int, listed: int) -> int:
    """So many trials: the listed ones under `make chaos`, else a few."""
    return listed if CHAOS else few
