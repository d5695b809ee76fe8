"""What can be asked of video-generation, and what comes of it."""

from __future__ import annotations

import zlib
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from common.media.kept import Media
from common.runtime import Params

__all__ = ["Tried", "Video", "VideoParams"]

_LINES = {"360p": 360, "480p": 480, "720p": 720, "1080p": 1080}

Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class VideoParams(Params):
    """One video, from words."""

    prompt: Prompt = Field(description="What the video shows: 1 to 2,000 characters.")
    duration: float = Field(default=6, ge=1, le=60, description="Seconds, 1 to 60.")
    aspect_ratio: Literal["16:9", "9:16", "1:1"] = Field(default="16:9", description="Its shape.")
    resolution: Literal["360p", "480p", "720p", "1080p"] = Field(
        default="720p", description="Pixels along the shorter side."
    )
    seed: int | None = Field(
        default=None, ge=0, lt=2**32, description="The same seed makes the same video."
    )
    provider: Literal["auto", "local", "veo", "pixverse", "ltx-studio", "heygen"] | None = Field(
        default=None,
        description="Who makes it: local draws it here, auto is the cheapest of the others that "
        "makes such videos. Without one: local on a laptop, veo in the cloud.",
    )
    creation_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="A document in `creations` to keep in step with the run.",
    )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, both even."""
        short = _LINES[self.resolution]
        long = short * 16 // 9 // 2 * 2
        return {"16:9": (long, short), "9:16": (short, long), "1:1": (short, short)}[
            self.aspect_ratio
        ]

    @property
    def chosen_seed(self) -> int:
        """The seed asked for, or else one that the prompt alone decides."""
        return zlib.crc32(self.prompt.encode()) if self.seed is None else self.seed


class Tried(BaseModel):
    """A provider that was asked first, and made nothing."""

    provider: str
    error: str
    """The error's name."""
    why: str


class Video(BaseModel):
    """The result: the video as it was measured, not as it was asked for."""

    video: Media
    poster: Media
    duration: float
    """Seconds."""
    width: int
    height: int
    provider: str
    seed: int
    tried: list[Tried] = []
    """Who was asked before that provider, and why it was left, over all attempts."""
