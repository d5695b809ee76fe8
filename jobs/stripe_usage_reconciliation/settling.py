"""Events that were sent, of which nobody knows what became, when it is too late to send them again.

Stripe would not know the identifier any more, and charge twice. But its meter tells how much a
customer used in a minute. Where the ledger's other events of that minute leave only one way to get
there, that is what happened; where they do not, a person has to decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from common.data.usage import USAGE_EVENTS, UsageEvent, event_of
from common.documents import Document, Update
from common.maintenance import Change
from jobs.stripe_usage_reconciliation.asking import NotTold
from jobs.stripe_usage_reconciliation.deciding import arrived
from jobs.stripe_usage_reconciliation.judging import WINDOW, is_too_old
from jobs.stripe_usage_reconciliation.ledger import between

if TYPE_CHECKING:
    from common.maintenance import Upkeep
    from jobs.stripe_usage_reconciliation.api import Api
    from jobs.stripe_usage_reconciliation.asking import Asking
    from jobs.stripe_usage_reconciliation.meters import Meter, Meters

__all__ = ["Settler"]

_MINUTE = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What became of an event."""

    arrived: bool | None
    """None where nobody can tell."""
    why: str = ""


class Settler:
    """Settles events by what Stripe's meters have."""

    def __init__(
        self, upkeep: Upkeep, *, api: Api, reads: Asking, meters: Meters, lag: timedelta
    ) -> None:
        self._upkeep, self._api, self._reads = upkeep, api, reads
        self._meters, self._lag = meters, lag

    def settle(self, documents: Sequence[Document]) -> None:
        """Write what became of each. Raises NoAnswers, Misconfigured."""
        if not documents:
            return
        now = self._upkeep.documents.now()
        minutes: dict[tuple[str, str, int], list[UsageEvent]] = defaultdict(list)
        for event in map(event_of, documents):
            minute = int(event.at.timestamp()) // _MINUTE * _MINUTE
            minutes[event.customer, event.event_name, minute].append(event)
        told: dict[str, Told] = {}
        for some in self._upkeep.map(lambda minute: self._told(*minute, now), minutes.items()):
            told.update(some)
        found = [document for document in documents if document.id in told]
        self._upkeep.note(waiting_count=len(documents) - len(found))
        self._upkeep.each(found, lambda document: _change(document, told[document.id], now))

    def _told(
        self, key: tuple[str, str, int], events: Sequence[UsageEvent], now: datetime
    ) -> dict[str, Told]:
        """Of each event of a customer, a meter and a minute; empty where a later run can tell."""
        customer, event_name, minute = key
        meter = self._meters.get(event_name)
        if meter is None or not meter.adds:
            why = f"no active meter adds up events named {event_name!r}"
            return _all(events, Told(arrived=None, why=why))
        # Before the ledger: what is sent in between is seen there, and waited for.
        try:
            total = self._reads.read(lambda: self._total(meter, customer, minute))
        except NotTold as error:
            return _all(events, Told(arrived=None, why=f"Stripe does not tell: {error}"))
        same = self._same(customer, event_name, minute)
        if any(self._is_open(event, now) for event in same):
            return {}
        return _decided(meter, same, total)

    def _same(self, customer: str, event_name: str, minute: int) -> list[UsageEvent]:
        """What the ledger has of a customer, a meter and a minute."""
        start = datetime.fromtimestamp(minute, UTC)
        span = between(
            self._upkeep.documents, start, start + timedelta(minutes=1), customer=customer
        )
        return [event for event in span if event.event_name == event_name]

    def _is_open(self, event: UsageEvent, now: datetime) -> bool:
        """Whether the meter may have it a little later."""
        if event.state == "sending":
            return event.sent_at is not None and now - event.sent_at < WINDOW
        at = event.reported_at
        return event.state == "reported" and at is not None and now - at < self._lag

    def _total(self, meter: Meter, customer: str, minute: int) -> float:
        sums = self._api.sums(meter, customer=customer, start=minute, end=minute + _MINUTE)
        return sum(value for _, value in sums)


def _all(events: Sequence[UsageEvent], told: Told) -> dict[str, Told]:
    return {event.id: told for event in events}


def _decided(meter: Meter, events: Sequence[UsageEvent], total: float) -> dict[str, Told]:
    """What the meter's total says of all events that may have arrived or not."""
    known = sum(meter.weight(event.quantity) for event in events if event.state == "reported")
    maybe = [event for event in events if event.state in {"sending", "unknown"}]
    flags = arrived(total - known, [meter.weight(event.quantity) for event in maybe])
    if flags is None:
        why = f"Stripe's meter has {total:g} for its minute, and the ledger {known} without it"
        return _all(maybe, Told(arrived=None, why=why))
    return {event.id: Told(arrived=flag) for event, flag in zip(maybe, flags, strict=True)}


def _change(document: Document, told: Told, now: datetime) -> Change | None:
    event = event_of(document)
    if event.state != "sending" or (event.sent_at and now - event.sent_at < WINDOW):
        return None  # another has sent it again meanwhile
    data, drop = _written(event, told, now)
    count = "unknown_count" if told.arrived is None else "settled_count"
    return Change(
        writes=(Update(USAGE_EVENTS, event.id, data, document.version, drop),),
        counts={count: 1, "late_count": int(data["state"] == "late")},
        line=f"Settle {USAGE_EVENTS}/{event.id}: it is {data['state']}.",
    )


def _written(
    event: UsageEvent, told: Told, now: datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    if told.arrived is None:
        return {"state": "unknown", "why": told.why}, ()
    if told.arrived:  # when it was sent is when it was reported, and not now
        return {"state": "reported", "reported_at": event.sent_at or now}, ("why",)
    if is_too_old(event, now):
        return {"state": "late", "why": "it never arrived, and is too old by now"}, ("sent_at",)
    return {"state": "unreported"}, ("sent_at", "why")
