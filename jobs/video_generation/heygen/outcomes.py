"""What a video of HeyGen that failed means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobs.video_generation.remote.errors import Filtered, OperationFailed, OperationRejected
from jobs.video_generation.remote.service import at

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["failure"]

# https://developers.heygen.com/docs/error-codes
PASSING = {
    "",
    "internal_error",
    "service_unavailable",
    "gateway_timeout",
    "resource_not_ready",
    "voice_provider_error",
    "rate_limit_exceeded",
}
_WITHHELD = ("policy", "moderat", "blocked_word")


def failure(said: Any, told: Callable[[object], str]) -> Exception:
    """The error that the video's own words are."""
    code = at(said, "failure_code")
    code = told(code) if isinstance(code, str) else ""
    why = told(at(said, "failure_message") or "no reason given")
    if any(part in code for part in _WITHHELD):
        return Filtered(f"HeyGen's moderation withheld the video ({code}): {why}", (why,))
    message = f"HeyGen failed to make the video ({code or 'without a code'}): {why}"
    if code in PASSING:
        return OperationFailed(message, code=code)
    return OperationRejected(message, code=code)
