"""What Veo can be asked for: less than video-generation takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.video_generation.makes import Makes

if TYPE_CHECKING:
    from jobs.video_generation.params import VideoParams

__all__ = ["MAKES", "Request"]

# https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation
# With sound, by veo-3.1-fast: https://cloud.google.com/vertex-ai/generative-ai/pricing
MAKES = Makes(
    title="Veo",
    durations=(4, 6, 8),
    aspect_ratios=("16:9", "9:16"),
    costs={"720p": 0.15, "1080p": 0.15},
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One video, in Veo's terms."""

    prompt: str
    duration: int
    """Seconds."""
    aspect_ratio: str
    resolution: str
    seed: int | None
    folder: str | None
    """The gs:// URI, with a slash at its end, that the file shall be below; None: sent inline."""

    @classmethod
    def of(cls, params: VideoParams, *, folder: str | None) -> Request:
        """From the job's params. Raises InvalidInput naming what Veo accepts."""
        MAKES.check(params)
        return cls(
            prompt=params.prompt,
            duration=int(params.duration),
            aspect_ratio=params.aspect_ratio,
            resolution=params.resolution,
            seed=params.seed,
            folder=folder,
        )
