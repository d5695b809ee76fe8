"""video-generation: a video from a prompt, as a blob with a poster image."""

from __future__ import annotations

import os
from datetime import timedelta

from common.runtime import Context, Following, job
from jobs.video_generation.params import Video, VideoParams
from jobs.video_generation.providers import needs

__all__ = ["Video", "VideoParams", "video_generation"]


@job(
    "video-generation",
    queue="video-jobs-queue",
    cpu=2,
    memory="2Gi",
    timeout=timedelta(minutes=20),
    following=Following(collection="creations", param="creation_id", media="video.uri"),
    needs=needs(os.environ),
)
def video_generation(params: VideoParams, run: Context) -> Video:
    """Generate a video from a prompt."""
    from jobs.video_generation.produce import produce

    return produce(params, run)
