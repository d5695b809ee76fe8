"""What a job says of the providers that may do its work, for those who choose among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.limits import Limits

__all__ = ["Offer"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One provider."""

    name: str
    """As the job's params have it."""
    missing: str = ""
    """What is to be done before it can be asked; empty where it can."""
    takes: Mapping[str, str] = field(default_factory=dict)
    """What params may be, by their names; empty where it takes whatever the job does."""
    costs: Mapping[str, float] = field(default_factory=dict)
    """US dollars for a second of what it makes, by what the price depends on; empty: nothing."""
    limits: tuple[Limits, ...] = ()
    """On asking it: first those on beginning something."""
