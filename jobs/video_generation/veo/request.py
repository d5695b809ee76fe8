"""What Veo can be asked for: less than video-generation takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import InvalidInput

if TYPE_CHECKING:
    from jobs.video_generation.params import VideoParams

__all__ = ["Request"]

# https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation
DURATIONS = (4, 6, 8)
ASPECT_RATIOS = ("16:9", "9:16")
RESOLUTIONS = ("720p", "1080p")


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
        if problems := _problems(params):
            raise InvalidInput(f"Veo makes no such video: {'; '.join(problems)}.")
        return cls(
            prompt=params.prompt,
            duration=int(params.duration),
            aspect_ratio=params.aspect_ratio,
            resolution=params.resolution,
            seed=params.seed,
            folder=folder,
        )


def _problems(params: VideoParams) -> list[str]:
    return [
        f"{name} must be {', '.join(map(str, accepted[:-1]))} or {accepted[-1]}, not {value}"
        for name, value, accepted in (
            ("duration", f"{params.duration:g}", tuple(map(str, DURATIONS))),
            ("aspect_ratio", params.aspect_ratio, ASPECT_RATIOS),
            ("resolution", params.resolution, RESOLUTIONS),
        )
        if value not in accepted
    ]
