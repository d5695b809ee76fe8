"""How often each fault is tried."""

from __future__ import annotations

import os

__all__ = ["CHAOS", "trials"]

CHAOS = float(os.environ.get("CHAOS") or 0)
"""1 where the counts of docs/reliability.md are wanted, as by `make chaos`; 0.1 for a tenth of
them."""


def trials(few: int, listed: int) -> int:
    """So many trials: a few, or the share of the listed ones that is wanted."""
    return max(few, round(CHAOS * listed))
