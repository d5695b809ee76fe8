"""How making a video with Veo can fail, each way by its own name."""

from __future__ import annotations

from common.limits import Throttled
from common.runtime import Permanent, Retryable

__all__ = [
    "AmbiguousCreate",
    "RateLimited",
    "Unreachable",
    "NotAllowed",
    "ModelRetired",
    "RequestRefused",
    "OperationGone",
    "OperationUnfinished",
    "StillRunning",
    "Filtered",
    "OperationFailed",
    "OperationRejected",
    "EmptyResult",
    "NoResponse",
    "OutputGone",
    "BadVideo",
    "OVER",
]


class AmbiguousCreate(Permanent):
    """Raised when nobody knows whether a create was accepted: it is never repeated silently."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"Whether Veo began a video is not known: {why}. One may have been made, and billed. "
            "`runjobs dead-letters replay` would create anew."
        )


class RateLimited(Retryable, Throttled):
    """Raised when Vertex refuses a create for want of quota; `after` is what it asked for."""


class Unreachable(Retryable):
    """Raised when a create could not be sent at all."""


class NotAllowed(Permanent):
    """Raised when Vertex, or whoever gives out its tokens, does not accept the credentials."""


class ModelRetired(Permanent):
    """Raised when there is no such model, or no longer, where it was asked for."""


class RequestRefused(Permanent):
    """Raised when Vertex refuses what was asked for; `code` is the HTTP status."""

    def __init__(self, message: str, *, code: int) -> None:
        super().__init__(message)
        self.code = code


class OperationGone(Permanent):
    """Raised when Vertex no longer knows the operation."""


class OperationUnfinished(Permanent):
    """Raised when the operation did not end in the time that VEO_MAX_WAIT gives it.

    It is not forgotten: a replay looks at it once more, and creates nothing.
    """


class StillRunning(Retryable):
    """Raised when the attempt's time is over before the operation's is: the next one goes on."""


class Filtered(Permanent):
    """Raised when the videos were made and withheld by the safety filters, for `reasons`."""

    def __init__(self, count: int, reasons: tuple[str, ...]) -> None:
        why = f": {' '.join(reasons)}" if reasons else ", without a reason."
        super().__init__(f"Veo's safety filters withheld {count} of the videos{why}")
        self.count, self.reasons = count, reasons


class OperationFailed(Retryable):
    """Raised when the operation failed in a way that may pass; `code` is of google.rpc.Code."""

    def __init__(self, message: str, *, code: int, after: float | None = None) -> None:
        super().__init__(message, after=after)
        self.code = code


class OperationRejected(Permanent):
    """Raised when the operation failed for good; `code` is of google.rpc.Code."""

    def __init__(self, message: str, *, code: int) -> None:
        super().__init__(message)
        self.code = code


class EmptyResult(Permanent):
    """Raised when the operation succeeded with no video, and none was withheld."""


class NoResponse(Permanent):
    """Raised when the operation is done, with neither a response nor an error."""


class OutputGone(Permanent):
    """Raised when the file is not where Veo said that it put it."""


class BadVideo(Permanent):
    """Raised when what Veo gave is not an MP4 file."""


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
