"""What can be asked of stripe-usage-reconciliation, and what comes of it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from common.maintenance import UpkeepParams, UpkeepReport

__all__ = ["Drift", "UsageReconciled", "UsageReconciliation"]


class UsageReconciliation(UpkeepParams):
    """Report usage to Stripe's meters, each event once, and compare what they have with it."""

    compare_hours: int = Field(
        default=24, ge=0, le=720, description="Hours back to compare; 0: nothing is compared."
    )
    lag_minutes: int = Field(
        default=60,
        ge=5,
        le=1_440,
        description="Minutes that Stripe may take until its sums have what was reported.",
    )


class Drift(BaseModel):
    """An hour for which Stripe's meter and the ledger do not agree."""

    customer: str
    event_name: str
    hour: str
    """When it begins, UTC."""
    ledger: int
    """What was reported, as the ledger has it."""
    stripe: float
    """What the meter has."""


class UsageReconciled(UpkeepReport):
    """The result."""

    reported_count: int = 0
    """Events that Stripe has now, and did not have before as far as was known."""
    duplicate_count: int = 0
    """Of these, those that Stripe said it had already."""
    settled_count: int = 0
    """Events of which Stripe's sums told what had become of them."""
    refused_count: int = 0
    """Events that Stripe will never take; `why` is in their documents."""
    late_count: int = 0
    """Events of more than 35 days ago: too late for Stripe."""
    unknown_count: int = 0
    """Events that may have been charged and may not: a person has to decide."""
    waiting_count: int = 0
    """Events for a later run: in the future, without a meter, or of which no answer came."""
    compared_count: int = 0
    """Pairs of a customer and a meter whose sums were compared."""
    drift_count: int = 0
    """Hours for which they do not agree."""
    drifts: list[Drift] = Field(default=[])
    """The first of them."""
    problems: list[str] = Field(default=[])
    """Why events wait, or could not be compared: some of the reasons."""
