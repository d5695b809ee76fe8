"""Whether permits keep to a rate: checked over every window there is."""

from __future__ import annotations

from collections.abc import Iterable

from common.limits import Rate


def excess(rate: Rate, granted: Iterable[float], *, late: float = 0.0) -> float:
    """By how many permits the fullest window is over the rate; at most 0 where it holds.

    `granted` are the moments of permits, in seconds, each noted up to `late` seconds afterwards.
    Of the windows that end at a permit, the fullest begins at the one where the least was in
    excess so far; so one pass sees all.
    """
    worst, least = float("-inf"), float("inf")
    for index, moment in enumerate(sorted(granted)):
        least = min(least, index - rate.per_second * moment)
        within = index + 1 - rate.per_second * moment - least
        worst = max(worst, within - rate.most - rate.per_second * late)
    return worst
