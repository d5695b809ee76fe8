"""Videos by Veo, Google's model on Vertex AI."""

from __future__ import annotations

from jobs.video_generation.remote.errors import (
    AmbiguousCreate,
    BadVideo,
    EmptyResult,
    Filtered,
    ModelRetired,
    NoResponse,
    NotAllowed,
    OperationFailed,
    OperationGone,
    OperationRejected,
    OperationUnfinished,
    OutputGone,
    RateLimited,
    RequestRefused,
    StillRunning,
    Unreachable,
)
from jobs.video_generation.veo.provider import Veo

__all__ = [
    "Veo",
    # nothing was begun
    "ModelRetired",
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
]
