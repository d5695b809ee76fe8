"""reel-stitching: clips, one behind the other, as one reel with a poster."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.reel_stitching.params import Reel, ReelParams

__all__ = ["Reel", "ReelParams", "reel_stitching"]


@job(
    "reel-stitching",
    queue="video-jobs-queue",
    cpu=2,
    memory="4Gi",
    timeout=timedelta(hours=1),
    needs=("imageio_ffmpeg (media)",),
)
def reel_stitching(params: ReelParams, run: Context) -> Reel:
    """Join clips into one reel, without re-encoding those that agree."""
    from jobs.reel_stitching.stitch import stitch

    return stitch(params, run)
