"""What can be asked of opt-out-data-cleanup, and what comes of it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from common.maintenance.params import UpkeepParams, UpkeepReport

__all__ = ["OptOutDataCleanup", "OptOutReport", "Proof", "Waiting"]


class OptOutDataCleanup(UpkeepParams):
    """Whose data goes, and when."""

    grace_days: int = Field(
        default=7, ge=0, le=365, description="Days after somebody opted out, to think better of it."
    )
    revoke_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="Days after those for which a consent is kept that Google does not take back.",
    )
    check: str = Field(
        default="",
        max_length=320,
        description="A user's id: only tell whether a signed tally says that its data is gone.",
    )


class Waiting(BaseModel):
    """A user of whom something had to stay."""

    user: str
    reasons: list[str]


class Proof(BaseModel):
    """A tally of one removal."""

    id: str
    """Of its document in `opt_outs`."""
    opted_out: datetime
    ended: datetime
    documents_count: int
    blobs_count: int
    is_signed: bool
    """Whether the signature is that of what it says, by one of the keys in ENCRYPTION_KEY."""


class OptOutReport(UpkeepReport):
    """The result."""

    users_count: int = 0
    """Users whose data is gone, themselves included."""
    documents_count: int = 0
    """Documents of theirs that went, whichever run began with it."""
    blobs_count: int = 0
    waiting_count: int = 0
    """Users of whom something had to stay; the next run goes on with them."""
    unrevoked_count: int = 0
    """Consents that were forgotten here and may still stand at Google."""
    waiting: list[Waiting] = Field(default=[])
    """The first twenty of the last attempt."""
    proofs: list[Proof] = Field(default=[])
    """What `check` found."""
