"""From params to a finished video: generated, looked at, and kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jobs.video_generation.params import Media, Video, VideoParams
from jobs.video_generation.probe import probe
from jobs.video_generation.providers import choose
from jobs.video_generation.render import poster

if TYPE_CHECKING:
    from pathlib import Path

    from common.runtime import Context

__all__ = ["produce"]


def produce(params: VideoParams, run: Context) -> Video:
    """Have the provider make the video, then keep it and a picture of it as blobs."""
    provider = choose(params, run)
    run.log.info(f"{provider.name} makes the video.", action="video-began", provider=provider.name)
    file = provider.generate(params, run)
    clip = probe(file, start=run.start)
    picture = run.folder / "poster.jpg"
    poster(file, picture, at=0.45 * clip.duration, start=run.start)
    run.progress(0.98, "Keeping the files")
    video = _keep(run, file, "video/mp4")
    run.log.info(f"The video is {video.uri}", action="video-kept", bytes=video.size)
    return Video(
        video=video,
        poster=_keep(run, picture, "image/jpeg"),
        duration=round(clip.duration, 3),
        width=clip.width,
        height=clip.height,
        provider=provider.name,
        seed=params.chosen_seed,
    )


def _keep(run: Context, file: Path, content_type: str) -> Media:
    blob = run.blobs.write(run.path(file.name), file, content_type=content_type)
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Media(uri=blob.uri, size=blob.size, sha256=digest, content_type=content_type)
