"""video-generation: a video from a prompt, as a blob with a poster image."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from common.runtime import Context, Following, job
from jobs.video_generation.choice import needs
from jobs.video_generation.params import Video, VideoParams
from jobs.video_generation.providers import SECRETS

if TYPE_CHECKING:
    from common.runtime.offers import Offer

__all__ = ["Video", "VideoParams", "video_generation"]


def _offers(env: Mapping[str, str]) -> Iterable[Offer]:
    from jobs.video_generation.offers import offers

    return offers(env)


@job(
    "video-generation",
    queue="video-jobs-queue",
    cpu=2,
    memory="2Gi",
    timeout=timedelta(minutes=20),
    following=Following(collection="creations", param="creation_id", media="video.uri"),
    needs=needs(os.environ),
    topics="prompt",
    optional_secrets=SECRETS,
    offers=_offers,
)
def video_generation(params: VideoParams, run: Context) -> Video:
    """Generate a video from a prompt."""
    from jobs.video_generation.produce import produce

    return produce(params, run)
