"""Telling an answer by which nothing was begun from one after which nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from common.errors import RunjobsError
from common.fetch import FetchError, RefusedURL
from common.genai import IMPATIENT
from common.runtime import Permanent, Retryable
from jobs.video_generation.remote.errors import (
    AmbiguousCreate,
    Filtered,
    ModelRetired,
    NoCredits,
    NotAllowed,
    OperationGone,
    RateLimited,
    RequestRefused,
    Unreachable,
)
from jobs.video_generation.remote.seam import Busy
from jobs.video_generation.remote.service import Answered, Reply

if TYPE_CHECKING:
    from jobs.video_generation.remote.seam import Terms

__all__ = ["COMMON", "Kinds", "missed", "refused"]

Kinds = Mapping[int | str, type[RunjobsError]]
"""What a refusal means, by the status of the answer, or by the provider's own word for it."""

COMMON: Kinds = {
    401: NotAllowed,
    402: NoCredits,
    403: NotAllowed,
    404: ModelRetired,
    410: ModelRetired,
    429: RateLimited,
}
_MEANS = {
    NotAllowed: "does not accept who asks",
    NoCredits: "wants to be paid first",
    ModelRetired: "has no such model, or no such API, or no longer",
    OperationGone: "no longer knows the operation",
    Filtered: "withholds what the prompt asks for",
}
_TOO_EARLY, _TOO_MANY = 425, 429


def refused(error: Exception, terms: Terms, kinds: Kinds) -> RunjobsError:
    """What it means that a create ended with this error."""
    if isinstance(error, Answered) and (found := _meaning(error.reply, terms, kinds)):
        return found
    if isinstance(error, RefusedURL) or (isinstance(error, FetchError) and not error.sent):
        return Unreachable(f"{terms.title} cannot be reached: {error}")
    return AmbiguousCreate(terms.title, _described(error))


def missed(error: Exception, terms: Terms, kinds: Kinds) -> Busy | Exception:
    """What it means that a look ended with this error."""
    if isinstance(error, Answered):
        found = _meaning(error.reply, terms, kinds)
        if found is not None and not isinstance(found, RateLimited):
            return found
        throttled = error.reply.status == _TOO_MANY
        after = error.reply.after or 0.0
        return Busy(said=_described(error), after=after, throttled=throttled, failed=True)
    if isinstance(error, (Permanent, Retryable)):  # how it ended, as the answer said
        return error
    return Busy(said=_described(error), failed=True)


def _meaning(reply: Reply, terms: Terms, kinds: Kinds) -> RunjobsError | None:
    """The refusal that an answer is; None where something may have come of the call."""
    kind = kinds.get(reply.code) or kinds.get(reply.status)
    said = f"({reply.status}: {reply.message})"
    if kind is RateLimited:
        return RateLimited(
            f"{terms.title} takes no more for now {said}: its rate, or what may be under way at "
            "once, is used up.",
            after=reply.after,
        )
    if kind is not None:
        return kind(f"{terms.title} {_MEANS[kind]} {said}.")
    status = reply.status
    if status < 500 and status not in IMPATIENT and status != _TOO_EARLY:
        return RequestRefused(f"{terms.title} refused the request {said}.", code=status)
    return None


def _described(error: Exception) -> str:
    """What went wrong, in a few words without any secret."""
    if isinstance(error, Answered):
        return f"the answer was {error.reply.status} {error.reply.message}"
    return f"no usable answer came ({type(error).__name__})"
