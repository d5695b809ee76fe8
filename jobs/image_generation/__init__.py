"""image-generation: pictures from a prompt, as blobs with thumbnails."""

from __future__ import annotations

import os
from datetime import timedelta

from common.gemini.choice import KEY
from common.runtime import Context, Following, job
from jobs.image_generation.params import ImageParams, Images
from jobs.image_generation.providers import needs

__all__ = ["ImageParams", "Images", "image_generation"]


@job(
    "image-generation",
    queue="image-jobs-queue",
    cpu=1,
    memory="2Gi",
    timeout=timedelta(minutes=10),
    following=Following(collection="creations", param="creation_id", media="images.0.uri"),
    needs=needs(os.environ),
    optional_secrets=(KEY,),
)
def image_generation(params: ImageParams, run: Context) -> Images:
    """Generate pictures from a prompt."""
    from jobs.image_generation.produce import produce

    return produce(params, run)
