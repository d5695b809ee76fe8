"""What Google's answers mean to whoever asked."""

from __future__ import annotations

from common import limits
from common.errors import RunjobsError
from common.integrations import NeedsReauth
from common.runs import Permanent, Retryable

__all__ = [
    "AlreadyThere",
    "BadAnswer",
    "Changed",
    "ConsentGone",
    "Forbidden",
    "GoogleError",
    "Gone",
    "MissingScope",
    "NoAnswer",
    "NotFound",
    "Passing",
    "Rejected",
    "SessionGone",
    "StorageUsedUp",
    "Throttled",
]


class GoogleError(RunjobsError):
    """Root of what Google's APIs refuse or fail to do."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        reason: str = "",
        after: float | None = None,
        harmless: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        """Of HTTP; 0 where there was no answer."""
        self.reason = reason
        """As Google names it, such as exportSizeLimitExceeded; may be empty."""
        self.after = after
        """Seconds to wait at least, where the answer said so."""
        self.harmless = harmless
        """Whether the call certainly changed nothing."""


class Passing(GoogleError, Retryable):
    """Root of what may succeed at another time."""


class NoAnswer(Passing):
    """Raised when Google did not answer in time, or cannot now: 5xx, a broken connection."""


class BadAnswer(Passing):
    """Raised when an answer is not what it must be: no JSON, cut off, or the like."""


class Throttled(Passing, limits.Throttled):
    """Raised when Google says that there were too many calls: within a limiter's turn, it knows."""


class Changed(Passing):
    """Raised when a condition of the call does not hold any more: look again, and decide."""


class SessionGone(Passing):
    """Raised when Google does not know an upload's session any more: begin another one."""


class NotFound(GoogleError, Permanent):
    """Raised when there is nothing there that the user may see."""


class Gone(GoogleError, Permanent):
    """Raised when something was there and is no more, such as a page token that has expired."""


class AlreadyThere(GoogleError, Permanent):
    """Raised when something of that id is there already."""


class Forbidden(GoogleError, Permanent):
    """Raised when the user may not do this, for the `reason` that Google gives."""


class StorageUsedUp(Forbidden):
    """Raised when the user's storage, or a folder, takes no more."""


class Rejected(GoogleError, Permanent):
    """Raised when the call itself is wrong in Google's eyes."""


class MissingScope(GoogleError, NeedsReauth):
    """Raised when the user consented to less than the call needs; to other calls he may have."""

    def __init__(self, user: str, what: str) -> None:
        why = f"{what} needs a scope that was not consented to"
        NeedsReauth.__init__(self, user, "google", why)
        self.status, self.reason = 403, "insufficientPermissions"
        self.after, self.harmless = None, True

    def what(self, user: str, provider: str) -> str:
        """The consent stays good for what it covers."""
        return f"the consent of user {user!r} at {provider} does not cover this"


class ConsentGone(RunjobsError):
    """Raised when Google renews an access token no more; the account makes it NeedsReauth."""
