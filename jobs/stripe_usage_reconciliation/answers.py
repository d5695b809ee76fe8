"""What is written about an event once it was sent, or was not after all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common.data.usage import UsageEvent
from jobs.stripe_usage_reconciliation.outcomes import Fate, Outcome

__all__ = ["Answer", "answer"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Fields of the event's document, and what they count for."""

    counts: Mapping[str, int]
    data: Mapping[str, Any] = field(default_factory=dict)
    """Empty: the event stays as it is, being sent; a later run sends it again, or settles it."""
    drop: tuple[str, ...] = ()


_WAITS = Answer(counts={"waiting_count": 1})


def answer(event: UsageEvent, outcome: Outcome, now: datetime) -> Answer:
    """For an event as it was before its intent was kept.

    One that had been sent before stays as it is unless Stripe has it: no refusal tells what became
    of the first call.
    """
    if outcome.fate is Fate.DELIVERED:
        return Answer(
            data={"state": "reported", "reported_at": now},
            drop=("why",),
            counts={"reported_count": 1, "duplicate_count": int(outcome.again)},
        )
    if event.state != "unreported" or outcome.fate is Fate.UNKNOWN:
        return _WAITS
    if outcome.fate is Fate.REFUSED:
        state = "late" if outcome.late else "refused"
        data = {"state": state, "why": f"Stripe: {outcome.why}"}
        return Answer(data=data, drop=("sent_at",), counts={f"{state}_count": 1})
    return Answer(data={"state": "unreported"}, drop=("sent_at",), counts=_WAITS.counts)
