"""Fits how often findings with a score are right: prints the curves of local/confidence.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from benchmarks.extraction.judge import Verdict

__all__ = ["curves", "raw_scores", "reliability"]

GROUPS = {
    "subtotal": "sums", "tax": "sums", "total": "sums", "seller_name": "parties",
    "buyer_name": "parties", "seller_address": "parties", "buyer_address": "parties",
    "merchant_name": "parties", "merchant_address": "parties", "invoice_date": "dates",
    "due_date": "dates", "date": "dates",
}  # fmt: skip
BINS = 12
PRIOR = 2.0
"""Findings that are thought of on top, half of them wrong: few say little."""


@contextmanager
def raw_scores() -> Iterator[None]:
    """Within it, confidences are the scores that the curves are applied to."""
    from jobs.extraction.local import write

    kept = write.calibrated
    write.calibrated = lambda score, group="": min(1.0, max(0.0, score))  # noqa: ARG005
    try:
        yield
    finally:
        write.calibrated = kept


def curves(verdicts: Iterable[tuple[Verdict, float]]) -> dict[str, list[tuple[float, float]]]:
    """By group; each verdict with how much it counts."""
    by_group: dict[str, list[tuple[float, bool, float]]] = defaultdict(list)
    for verdict, weight in verdicts:
        if verdict.confidence is not None:
            group = "items" if "." in verdict.field else GROUPS.get(verdict.field, "labels")
            by_group[group].append((verdict.confidence, verdict.right, weight))
            by_group[""].append((verdict.confidence, verdict.right, weight))
    return {group: _curve(found) for group, found in sorted(by_group.items())}


def _curve(found: list[tuple[float, bool, float]]) -> list[tuple[float, float]]:
    """Never falling: bins of equal weight, joined where they fall."""
    ordered = sorted(found)
    total = sum(weight for *_, weight in ordered)
    bins: list[list[Any]] = []
    held = 0.0
    for score, right, weight in ordered:
        if not bins or held >= total / BINS:
            bins.append([0.0, 0.0, 0.0])
            held = 0.0
        held += weight
        bins[-1][0] += score * weight
        bins[-1][1] += right * weight
        bins[-1][2] += weight
    joined: list[list[float]] = []
    for one in bins:
        joined.append(one)
        while len(joined) > 1 and _share(joined[-2]) >= _share(joined[-1]):
            last = joined.pop()
            joined[-1] = [a + b for a, b in zip(joined[-1], last, strict=True)]
    points = [(round(one[0] / one[2], 2), round(_share(one), 2)) for one in joined]
    return [(0.0, min(0.1, points[0][1])), *points, (1.0, points[-1][1])]


def _share(one: list[float]) -> float:
    return (one[1] + PRIOR / 2) / (one[2] + PRIOR)


def reliability(verdicts: Iterable[Verdict]) -> list[tuple[str, int, float, float]]:
    """Between which confidences, how many, their mean, and how many of them were right."""
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
    found = [one for one in verdicts if one.confidence is not None]
    table = []
    for low, high in pairwise(edges):
        within = [one for one in found if low <= (one.confidence or 0) < high]
        if within:
            mean = sum(one.confidence or 0 for one in within) / len(within)
            right = sum(one.right for one in within) / len(within)
            table.append((f"{low:.2f} to {min(high, 1.0):.2f}", len(within), mean, right))
    return table
