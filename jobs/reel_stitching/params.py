"""What can be asked of reel-stitching, and what comes of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from common.media.kept import Media
from common.runtime import Params

__all__ = ["MOST_CLIPS", "Joined", "Reel", "ReelParams", "Skipped"]

MOST_CLIPS = 200

Name = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
Place = Annotated[str, StringConstraints(max_length=4_000)]
Words = Annotated[str, StringConstraints(max_length=500)]


class ReelParams(Params):
    """One reel, of clips."""

    clips: list[Name] = Field(
        default=[],
        max_length=MOST_CLIPS,
        description="The clips in order: paths in the store, gs:// or, on a laptop, files; or "
        "run:ID for the video of a run.",
    )
    manifest: Place = Field(
        default="", description="A list of files, as zip-unpack and imports write it."
    )
    folder: Place = Field(default="", description="A folder: all videos below it, by name.")
    width: int | None = Field(
        default=None, ge=16, le=4096, description="Pixels; without, as most of the clips are."
    )
    height: int | None = Field(default=None, ge=16, le=4096, description="Pixels; with width.")
    fps: float | None = Field(
        default=None, ge=1, le=120, description="Frames a second; without, as most clips have."
    )
    fit: Literal["letterbox", "crop"] = Field(
        default="letterbox", description="What becomes of clips of another shape."
    )
    loudness: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="Whether all clips are made equally loud; auto: where the sound is encoded.",
    )
    lufs: float = Field(default=-16, ge=-40, le=-8, description="How loud, in LUFS.")
    fade: float = Field(default=0, ge=0, le=5, description="Seconds of cross-fade at each joint.")
    captions: list[Words] = Field(
        default=[], max_length=MOST_CLIPS, description='Words over each clip in turn; "" for none.'
    )
    subtitles: Place = Field(default="", description="The place of an SRT file for the reel.")
    title: Words = Field(default="", description="Large words over the reel's first seconds.")
    music: Place = Field(default="", description="The place of a sound to lay below all clips.")
    music_lufs: float = Field(
        default=-24, ge=-50, le=-8, description="How loud the music is, in LUFS."
    )
    ducking: bool = Field(default=True, description="Music gives way to the sound of the clips.")
    poster_at: float | None = Field(
        default=None, ge=0, description="The second that the poster shows; without, a good one."
    )
    on_bad: Literal["fail", "skip"] = Field(
        default="fail", description="What becomes of the reel where a clip is broken or empty."
    )

    @model_validator(mode="after")
    def _check(self) -> ReelParams:
        if [bool(self.clips), bool(self.manifest), bool(self.folder)].count(True) != 1:
            raise ValueError("say which clips: either clips, or a manifest, or a folder")
        if (self.width is None) != (self.height is None):
            raise ValueError("width and height are given together, or neither")
        if (self.width or 0) % 2 or (self.height or 0) % 2:
            raise ValueError("width and height are even numbers")
        if self.clips and len(self.captions) > len(self.clips):
            raise ValueError("there are more captions than clips")
        return self

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height, where they were asked for."""
        return (self.width, self.height) if self.width and self.height else None

    @property
    def rate(self) -> Fraction | None:
        """Frames a second, where they were asked for; 29.97 is 30000/1001."""
        return None if self.fps is None else broadcast(Fraction(self.fps))

    @property
    def has_words(self) -> bool:
        """Whether anything is to be written over the picture."""
        return bool(any(self.captions) or self.subtitles or self.title)


def broadcast(rate: Fraction) -> Fraction:
    """The rate that is meant: a whole number, or one of television's, a thousandth below."""
    for whole in range(max(1, int(rate) - 1), int(rate) + 3):
        for exact in (Fraction(whole), Fraction(whole * 1000, 1001)):
            if abs(rate / exact - 1) < Fraction(1, 4000):
                return exact
    return rate.limit_denominator(1001)


class Joined(BaseModel):
    """One clip of the reel."""

    source: str
    begins: float
    """Seconds into the reel."""
    duration: float
    """Seconds."""
    normalised: bool
    """Whether its picture was encoded anew."""


class Skipped(BaseModel):
    """A clip that is not in the reel, and why."""

    source: str
    why: str


class Reel(BaseModel):
    """The result, as it was measured."""

    video: Media
    poster: Media
    duration: float
    """Seconds."""
    width: int
    height: int
    fps: float
    joined_by: Literal["copy", "encode"]
    """What became of the picture."""
    why: str
    """For what reason it was encoded."""
    sound: Literal["copy", "encode", "none"]
    """What became of the sound."""
    clips: list[Joined]
    skipped: list[Skipped]
    warnings: list[str]
