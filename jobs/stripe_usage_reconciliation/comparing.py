"""The ledger's sums beside those of Stripe's meters, for each customer and meter and hour.

closed   an hour that is over for so long that the meter has what was reported in it
settled  of an hour's usage, what the meter must have
open     what it may have besides: what is being sent, what nobody knows of, what came just now
drift    a closed hour in which the meter has less than what is settled, or more than both
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from common.data.usage import UsageEvent
from jobs.stripe_usage_reconciliation.meters import Meter
from jobs.stripe_usage_reconciliation.params import Drift

__all__ = ["Sums", "drifts", "hours_of", "hours_to_compare"]

HOUR = 3600


@dataclass(kw_only=True, slots=True)
class Sums:
    """What the ledger has of an hour."""

    settled: int = 0
    open: int = 0


Hours = Mapping[int, Sums]
"""By when they begin, in seconds since 1970."""


def hours_to_compare(now: datetime, *, hours: int, lag: timedelta) -> tuple[datetime, datetime]:
    """From when to when, both on the hour: the last hours that are closed."""
    end = (now - lag).replace(minute=0, second=0, microsecond=0)
    return end - timedelta(hours=hours), end


def hours_of(
    events: Iterable[UsageEvent], meters: Mapping[str, Meter], *, now: datetime, lag: timedelta
) -> dict[tuple[str, str], Hours]:
    """The sums of each customer and meter that adds up its events."""
    found: dict[tuple[str, str], dict[int, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for event in events:
        meter = meters.get(event.event_name)
        counts = event.state in {"reported", "sending", "unknown"}
        if meter is None or not meter.adds or not counts:
            continue
        hour = int(event.at.timestamp()) // HOUR * HOUR
        sums = found[event.customer, event.event_name][hour]
        if _is_settled(event, now - lag):
            sums.settled += meter.weight(event.quantity)
        else:
            sums.open += meter.weight(event.quantity)
    return {pair: dict(hours) for pair, hours in found.items()}


def drifts(customer: str, event_name: str, ours: Hours, theirs: Mapping[int, float]) -> list[Drift]:
    """The hours for which they do not agree, in order."""
    found = []
    for hour in sorted(ours.keys() | theirs.keys()):
        sums, value = ours.get(hour, Sums()), theirs.get(hour, 0.0)
        if not sums.settled <= value <= sums.settled + sums.open:
            begins = datetime.fromtimestamp(hour, UTC)
            found.append(
                Drift(
                    customer=customer,
                    event_name=event_name,
                    hour=begins.isoformat(),
                    ledger=sums.settled,
                    stripe=value,
                )
            )
    return found


def _is_settled(event: UsageEvent, before: datetime) -> bool:
    if event.state != "reported":
        return False
    return event.reported_at is None or event.reported_at <= before
