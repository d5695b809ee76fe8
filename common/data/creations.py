"""`creations`: what users make, such as videos; the status is the run's, the rest is theirs.

No job reads one: common/runs/following.py writes what becomes of the run.
"""

from __future__ import annotations

__all__ = ["CREATIONS"]

CREATIONS = "creations"
