"""How making a video elsewhere can fail, each way by its own name."""

from __future__ import annotations

from common.limits import Throttled
from common.runtime import Permanent, Retryable

__all__ = [
    # nothing was begun
    "ModelRetired",
    "NoCredits",
    "NotAllowed",
    "RateLimited",
    "RequestRefused",
    "Unreachable",
    # nobody knows
    "AmbiguousCreate",
    # while it runs
    "OperationGone",
    "OperationUnfinished",
    "StillRunning",
    # it has ended, without a video
    "BadVideo",
    "EmptyResult",
    "Filtered",
    "NoResponse",
    "OperationFailed",
    "OperationRejected",
    "OutputGone",
    # it has ended with one
    "Unfetched",
    "OVER",
]  # fmt: skip


class AmbiguousCreate(Permanent):
    """Raised when nobody knows whether a create was accepted: it is never repeated silently."""

    def __init__(self, whose: str, why: str) -> None:
        super().__init__(
            f"Whether {whose} began a video is not known: {why}. One may have been made, and "
            "billed. `runjobs dead-letters replay` would create anew."
        )


class RateLimited(Retryable, Throttled):
    """Raised when a create is refused for want of quota, or as too many at once; `after` is what it
    asked for."""


class Unreachable(Retryable):
    """Raised when a create could not be sent at all."""


class NotAllowed(Permanent):
    """Raised when the provider, or whoever gives out its tokens, does not accept the
    credentials."""


class NoCredits(Permanent):
    """Raised when the account cannot pay for the video."""


class ModelRetired(Permanent):
    """Raised when there is no such model, or no longer, where it was asked for."""


class RequestRefused(Permanent):
    """Raised when the provider refuses what was asked for; `code` is the HTTP status."""

    def __init__(self, message: str, *, code: int) -> None:
        super().__init__(message)
        self.code = code


class OperationGone(Permanent):
    """Raised when the provider no longer knows the operation."""


class OperationUnfinished(Permanent):
    """Raised when the operation did not end in the time that its …_MAX_WAIT gives it.

    It is not forgotten: a replay looks at it once more, and creates nothing.
    """


class StillRunning(Retryable):
    """Raised when the attempt's time is over before the operation's is: the next one goes on."""


class Filtered(Permanent):
    """Raised when a prompt, or the videos that came of it, are withheld as unsafe, for
    `reasons`."""

    def __init__(self, message: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reasons = reasons


class OperationFailed(Retryable):
    """Raised when the operation failed in a way that may pass; `code` is the provider's."""

    def __init__(self, message: str, *, code: int | str, after: float | None = None) -> None:
        super().__init__(message, after=after)
        self.code = code


class OperationRejected(Permanent):
    """Raised when the operation failed for good; `code` is the provider's."""

    def __init__(self, message: str, *, code: int | str) -> None:
        super().__init__(message)
        self.code = code


class EmptyResult(Permanent):
    """Raised when the operation succeeded with no video, and none was withheld."""


class NoResponse(Permanent):
    """Raised when the operation is done, with neither a response nor an error."""


class OutputGone(Permanent):
    """Raised when the file is not where the provider said that it put it."""


class BadVideo(Permanent):
    """Raised when what the provider gave is no video that may be had."""


class Unfetched(Retryable):
    """Raised when the video was made and could not be fetched: the next attempt, or a replay, asks
    where it is and fetches it, and creates nothing."""


OVER = frozenset(
    error.__name__
    for error in (
        AmbiguousCreate,
        OperationGone,
        Filtered,
        OperationFailed,
        OperationRejected,
        EmptyResult,
        NoResponse,
        OutputGone,
        BadVideo,
    )
)
"""Errors after which a create has nothing more to give: whoever tries again begins afresh."""
