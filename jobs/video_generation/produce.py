"""From params to a finished video: generated, looked at, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.media.kept import kept
from common.media.poster import poster
from common.media.probe import probe
from jobs.video_generation.making import made
from jobs.video_generation.params import Tried, Video, VideoParams

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["produce"]


def produce(params: VideoParams, run: Context) -> Video:
    """Have a provider make the video, then keep it and a picture of it as blobs."""
    found = made(params, run)
    file = found.file
    clip = probe(file, start=run.start)
    picture = run.folder / "poster.jpg"
    poster(file, picture, at=0.45 * clip.duration, start=run.start)
    run.progress(0.98, "Keeping the files")
    video = kept(run, file, "video/mp4")
    run.log.info(f"The video is {video.uri}", action="video-kept", bytes=video.size)
    return Video(
        video=video,
        poster=kept(run, picture, "image/jpeg"),
        duration=round(clip.duration, 3),
        width=clip.width,
        height=clip.height,
        provider=found.provider,
        seed=params.chosen_seed,
        tried=[Tried(provider=it.provider, error=it.error, why=it.why) for it in found.tried],
    )
