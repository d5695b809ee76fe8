"""Which events arrived, told from what a meter has more than it would without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import prod

__all__ = ["arrived"]

_MOST = 10_000
"""Ways that are tried; more would hardly be told apart."""


def arrived(more: float, weights: Sequence[int]) -> list[bool] | None:
    """For each event whether it arrived, if only one way adds up to what there is more; else None.

    Of two that weigh the same either may stand for the other: a customer's bill is the same.
    """
    counts = sorted(Counter(weights).items())
    if prod(count + 1 for _, count in counts) > _MOST:
        return None
    ways = [
        dict(zip([weight for weight, _ in counts], taken, strict=True))
        for taken in product(*(range(count + 1) for _, count in counts))
        if sum(weight * count for (weight, _), count in zip(counts, taken, strict=True)) == more
    ]
    if len(ways) != 1:
        return None
    left = Counter(ways[0])
    flags = []
    for weight in weights:
        flags.append(left[weight] > 0)
        left[weight] -= 1
    return flags
