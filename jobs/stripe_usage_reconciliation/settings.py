"""As whom Stripe is asked, where, and how often."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from common.errors import Misconfigured
from common.genai.settings import base_url, count
from common.limits import Limits

__all__ = ["StripeSettings"]

_KEY = re.compile(r"(sk|rk)_(?P<mode>test|live)_[!-~]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class StripeSettings:
    """What the environment says of Stripe."""

    key: str = field(repr=False)
    """A secret key or a restricted one."""
    base_url: str | None
    """Where Stripe is, if not at Stripe's."""
    per_second: int
    """Meter events, over all containers."""
    reads_per_second: int
    """Questions about meters and summaries, over all containers."""
    concurrent: int
    """Calls of one container at once."""

    @classmethod
    def load(cls, env: Mapping[str, str]) -> StripeSettings:
        """Raises Misconfigured."""
        key = env.get("STRIPE_SECRET_KEY", "").strip()
        found = _KEY.fullmatch(key)
        if found is None:
            fault = "no key of Stripe's" if key else "not set"
            raise Misconfigured(f"STRIPE_SECRET_KEY is {fault}: one begins with sk_ or rk_.")
        # A sandbox takes 25 calls a second, whatever they are; a live account takes 1,000 meter
        # events, of which the application sends some, and 100 other calls:
        # https://docs.stripe.com/rate-limits
        live = found["mode"] == "live"
        return cls(
            key=key,
            base_url=base_url(env, "STRIPE_BASE_URL"),
            per_second=count(env, "STRIPE_PER_SECOND", 100 if live else 15),
            reads_per_second=count(env, "STRIPE_READS_PER_SECOND", 50 if live else 8),
            concurrent=min(64, count(env, "STRIPE_CONCURRENT", 16)),
        )

    @property
    def posts(self) -> Limits:
        """On meter events."""
        return Limits(name="stripe-meter-events", per_second=self.per_second)

    @property
    def reads(self) -> Limits:
        """On all that is only asked."""
        return Limits(name="stripe-reads", per_second=self.reads_per_second)
