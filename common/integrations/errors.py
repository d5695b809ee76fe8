"""What is wrong with an integration."""

from __future__ import annotations

from datetime import datetime

from common.errors import InvalidInput
from common.runs import Permanent

__all__ = ["NeedsReauth", "NoSuchIntegration"]


class NoSuchIntegration(InvalidInput):
    """Raised when a user has not connected an account at a provider."""

    def __init__(self, user: str, provider: str) -> None:
        super().__init__(
            f"User {user!r} has connected no account at {provider}: "
            "see `runjobs integrations list`."
        )
        self.user = user
        self.provider = provider


class NeedsReauth(Permanent):
    """Raised when a provider takes a user's consent no more: only the user can renew it."""

    def __init__(self, user: str, provider: str, why: str, since: datetime | None = None) -> None:
        then = f" (since {since:%F %T} UTC)" if since else ""
        super().__init__(
            f"needs_reauth: {self.what(user, provider)}{then}: {why.rstrip('.')}. "
            "Have the user connect the account again."
        )
        self.user = user
        self.provider = provider
        self.why = why
        self.since = since

    def what(self, user: str, provider: str) -> str:
        """What is wrong, as a clause."""
        return f"{provider} does not take the consent of user {user!r} any more"
