"""What can be asked of image-generation, and what comes of it."""

from __future__ import annotations

import zlib
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from common.media.kept import Media
from common.runtime import Params
from jobs.image_generation.sizes import Ratio, Size, pixels

__all__ = ["Form", "Image", "ImageParams", "Images", "Thumbnail", "Usage"]

Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Form = Literal["png", "webp"]
_SEEDS = 2**31
"""What Google takes is a signed number of 32 bits."""


class ImageParams(Params):
    """One to eight pictures, from words."""

    prompt: Prompt = Field(description="What the picture shows: 1 to 2,000 characters.")
    count: int = Field(default=1, ge=1, le=8, description="How many pictures of it, 1 to 8.")
    aspect_ratio: Ratio = Field(default="1:1", description="Its shape.")
    size: Size = Field(default="1K", description="About how many pixels along its sides.")
    format: Form = Field(default="png", description="Of the files: png or webp.")
    thumbnail: int = Field(
        default=256, ge=32, le=1024, description="Pixels along a thumbnail's longer side."
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        lt=_SEEDS,
        description="Of the first picture, the next one's is one more. The same seed makes the "
        "same picture; Gemini's is at most like it.",
    )
    provider: Literal["local", "gemini"] | None = Field(
        default=None,
        description="Who makes it: local draws it here, gemini is Google's. Without one: local on "
        "a laptop, gemini in the cloud.",
    )
    creation_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="A document in `creations` to keep in step with the run.",
    )

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        return pixels(self.aspect_ratio, self.size)

    def seed_of(self, number: int) -> int | None:
        """Of the picture of that number, from 0; None where none was asked for."""
        return None if self.seed is None else (self.seed + number) % _SEEDS

    def drawn_seed_of(self, number: int) -> int:
        """The same; where none was asked for the prompt alone decides."""
        seed = zlib.crc32(self.prompt.encode()) if self.seed is None else self.seed
        return (seed + number) % _SEEDS


class Thumbnail(Media):
    """A small picture of a picture."""

    width: int
    height: int


class Image(Media):
    """One picture, as it is and not as it was asked for."""

    width: int
    height: int
    seed: int | None
    """None where the provider chose it."""
    thumbnail: Thumbnail


class Usage(BaseModel):
    """What the pictures have cost, in tokens, over all attempts."""

    questions: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Images(BaseModel):
    """The result: at least one picture."""

    images: list[Image]
    asked_count: int
    filtered_count: int
    """Pictures that the provider withheld."""
    provider: str
    model: str | None
    usage: Usage | None
    warnings: list[str]
