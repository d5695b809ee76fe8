"""What a finished operation came to: a video, or one of the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.genai import brief
from common.waits import asked_wait
from jobs.video_generation.remote.errors import (
    EmptyResult,
    Filtered,
    NoResponse,
    OperationFailed,
    OperationRejected,
)

if TYPE_CHECKING:
    from google.genai.types import GenerateVideosOperation, GenerateVideosResponse, Video

__all__ = ["outcome"]

# google.rpc.Code: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE.
# https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
PASSING = {4, 8, 13, 14}
UNKNOWN = 2


def outcome(operation: GenerateVideosOperation) -> Video:
    """The video of an operation that is done: its bytes, or the gs:// URI where they are."""
    if operation.error:
        raise _failure(operation.error)
    response = operation.response
    if response is None:
        raise NoResponse(f"{operation.name} is done, with neither a response nor an error.")
    videos = [made.video for made in response.generated_videos or [] if made.video]
    for video in videos:
        if video.video_bytes or video.uri:
            return video
    raise _withheld(response) or EmptyResult(f"{operation.name} is done, and gave no video.")


def _withheld(response: GenerateVideosResponse) -> Filtered | None:
    reasons = tuple(brief(reason) for reason in response.rai_media_filtered_reasons or [])
    count = response.rai_media_filtered_count or len(reasons)
    why = f": {' '.join(reasons)}" if reasons else ", without a reason."
    message = f"Veo's safety filters withheld {count} of the videos{why}"
    return Filtered(message, reasons) if count else None


def _failure(error: dict[str, Any]) -> OperationFailed | OperationRejected:
    code = error.get("code")
    code = code if isinstance(code, int) else UNKNOWN
    message = f"Veo failed with code {code}: {brief(error.get('message') or 'no reason given')}"
    if code in PASSING:
        return OperationFailed(message, code=code, after=asked_wait(None, error.get("details")))
    return OperationRejected(message, code=code)
