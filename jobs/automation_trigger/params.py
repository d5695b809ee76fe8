"""What can be asked of automation-trigger, and what comes of it."""

from __future__ import annotations

from pydantic import AliasChoices, BaseModel, Field, model_validator

from common.runtime import Params

__all__ = ["AutomationTrigger", "Triggered", "Trouble"]


class AutomationTrigger(Params):
    """Gmail's notification about one account, or a subscription that has such notifications."""

    user: str = Field(
        default="",
        max_length=320,
        validation_alias=AliasChoices("user", "emailAddress"),
        description="The address of the Gmail account that has news.",
    )
    history: int | None = Field(
        default=None,
        ge=0,
        lt=2**64,
        validation_alias=AliasChoices("history", "historyId"),
        description="How far its history goes by now; without it, whatever there is is looked at.",
    )
    subscription: str = Field(
        default="",
        max_length=400,
        pattern=r"^(|[A-Za-z][A-Za-z0-9._~+%-]{2,254}|projects/[^/\s]+/subscriptions/[^/\s]+)$",
        description="A subscription of Pub/Sub, from which all notifications are pulled.",
    )
    wait: int = Field(
        default=5, ge=0, le=600, description="Seconds to wait for a notification to be pulled."
    )

    @model_validator(mode="after")
    def _either(self) -> AutomationTrigger:
        if bool(self.user) == bool(self.subscription):
            raise ValueError("give either a user (with history) or a subscription")
        return self


class Trouble(BaseModel):
    """What was left, while the rest was done."""

    what: str
    """The id of an integration, a message, or a notification."""
    reason: str


class Triggered(BaseModel):
    """The result."""

    notifications: int = 0
    """That were pulled."""
    integrations: int = 0
    """Of the account, by all who connected it."""
    left: int = 0
    """Of those, how many another run was just looking after: it looks once more."""
    resynced: int = 0
    """And of how many all recent messages were looked at, as their history was not known."""
    messages: int = 0
    """That were new."""
    started: list[str] = []
    """The first of the runs that were started, now or by whoever came before: run-initializers, or
    what reads an account."""
    started_count: int = 0
    troubles: list[Trouble] = []
    """The first of them."""
    troubles_count: int = 0
