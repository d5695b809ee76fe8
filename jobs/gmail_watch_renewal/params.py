"""What can be asked of gmail-watch-renewal, and what comes of it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from common.maintenance.params import UpkeepParams, UpkeepReport

__all__ = ["GmailWatchRenewal", "Renewed", "Trouble"]


class GmailWatchRenewal(UpkeepParams):
    """Watches on Gmail are renewed before they end, and ended where nobody needs them any more."""

    topic: str = Field(
        default="",
        max_length=400,
        pattern=r"^(|[A-Za-z][A-Za-z0-9._~+%-]{2,254}|projects/[^/\s]+/topics/[^/\s]+)$",
        description="The topic of Pub/Sub to which Gmail publishes; GMAIL_TOPIC says it otherwise.",
    )
    within: int = Field(
        default=48, ge=1, le=160, description="Hours: watches that end in that time are renewed."
    )


class Trouble(BaseModel):
    """One whose watch was left as it was."""

    integration: str
    reason: str


class Renewed(UpkeepReport):
    """The result."""

    renewed_count: int = 0
    """Watches that were renewed, or begun."""
    stopped_count: int = 0
    """Watches that were ended, since no automation waits for messages any more."""
    current_count: int = 0
    """Watches that need no renewal yet."""
    needs_reauth_count: int = 0
    """Users who have to consent again before they can be watched."""
    failed_count: int = 0
    """Watches that Google refused to renew or to end: then `success` is false."""
    read_count: int = 0
    """Mailboxes that are read anew, as they were not watched or nothing was heard of them."""
    troubles: list[Trouble] = Field(default=[])
    """The first twenty of the last attempt who have to consent again, or whom Google refused."""
