"""How often findings with such a score are right, as measured: see benchmarks/extraction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["calibrated"]

# Score, and the share of findings with that score that were right, by what kind of field it is.
# From `python -m benchmarks.extraction calibrate`, a little lowered: the documents that it was
# measured on were also looked at while the provider was made.
CURVES: dict[str, Sequence[tuple[float, float]]] = {
    "": (
        (0.0, 0.1),
        (0.3, 0.45),
        (0.56, 0.8),
        (0.74, 0.87),
        (0.82, 0.9),
        (0.96, 0.97),
        (1.0, 0.98),
    ),
    "dates": ((0.0, 0.1), (0.3, 0.45), (0.45, 0.65), (0.59, 0.8), (0.83, 0.96), (1.0, 0.98)),
    "items": ((0.0, 0.1), (0.5, 0.55), (0.76, 0.8), (0.9, 0.89), (0.95, 0.95), (1.0, 0.98)),
    "labels": ((0.0, 0.1), (0.3, 0.45), (0.46, 0.72), (0.62, 0.88), (0.96, 0.97), (1.0, 0.98)),
    "parties": ((0.0, 0.1), (0.4, 0.45), (0.59, 0.68), (0.68, 0.82), (0.82, 0.94), (1.0, 0.97)),
    "sums": ((0.0, 0.1), (0.35, 0.4), (0.59, 0.7), (0.82, 0.86), (0.94, 0.9), (1.0, 0.98)),
}


def calibrated(score: float, group: str = "") -> float:
    """Between the measured points in a straight line, to two digits."""
    curve = CURVES.get(group, CURVES[""])
    score = min(1.0, max(0.0, score))
    for (low, below), (high, above) in pairwise(curve):
        if score <= high:
            share = (score - low) / (high - low)
            return round(below + (above - below) * share, 2)
    return curve[-1][1]
