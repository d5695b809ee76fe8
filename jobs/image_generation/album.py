"""The pictures of a run, kept one by one: what one attempt has made, the next need not pay for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from common.media.kept import kept
from jobs.image_generation.params import Image, Thumbnail, Usage
from jobs.image_generation.picture import CONTENT_TYPES, small, write

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image as Picture

    from common.media.kept import Media
    from common.runtime import Context
    from jobs.image_generation.params import ImageParams
    from jobs.image_generation.providers import Made

__all__ = ["Album"]


class _Kept(BaseModel):
    """What the next attempt is left."""

    by: str
    """Who made them: what another provider or model has made is not mixed with it."""
    images: dict[int, Image] = {}
    warnings: list[str] = []
    usage: Usage = Usage()


class Album:
    """The pictures by number, those of earlier attempts among them."""

    def __init__(self, params: ImageParams, run: Context, by: str) -> None:
        self._params, self._run = params, run
        self._kept = _found(run, by) or _Kept(by=by)
        self._usage_before = self._kept.usage

    @property
    def images(self) -> list[Image]:
        """In the order of their numbers."""
        return [image for _, image in sorted(self._kept.images.items())]

    @property
    def warnings(self) -> list[str]:
        """What is to be said of them, each only once."""
        return [*dict.fromkeys(self._kept.warnings)]

    @property
    def missing(self) -> list[int]:
        """The numbers of those that are not there yet."""
        return [each for each in range(self._params.count) if each not in self._kept.images]

    def usage(self, now: Usage) -> Usage:
        """Of all attempts, with what this one has used so far."""
        before = self._usage_before
        return Usage(
            questions=before.questions + now.questions,
            input_tokens=before.input_tokens + now.input_tokens,
            output_tokens=before.output_tokens + now.output_tokens,
        )

    def add(self, number: int, made: Made, usage: Usage) -> None:
        """Keep a picture, and have the next attempt know of it."""
        image = self._kept.images[number] = self._image(number, made)
        self._kept.warnings += made.warnings
        self.note(usage)
        self._run.log.info(
            f"Picture {number + 1} is {image.uri}", action="image-kept", bytes=image.size
        )

    def note(self, usage: Usage) -> None:
        """Have the next attempt know of what there is, and of what it has cost."""
        self._kept.usage = self.usage(usage)
        self._run.checkpoint(self._kept)

    def _image(self, number: int, made: Made) -> Image:
        name = f"image-{number + 1}"
        media = self._written(made.picture, name)
        width, height = made.picture.size
        thumbnail = small(made.picture, self._params.thumbnail)
        return Image(
            **media.model_dump(),
            width=width,
            height=height,
            seed=made.seed,
            thumbnail=Thumbnail(
                **self._written(thumbnail, f"{name}-small").model_dump(),
                width=thumbnail.width,
                height=thumbnail.height,
            ),
        )

    def _written(self, picture: Picture, name: str) -> Media:
        form = self._params.format
        file: Path = self._run.folder / f"{name}.{form}"
        write(picture, file, form)
        try:
            return kept(self._run, file, CONTENT_TYPES[form])
        finally:
            file.unlink()


def _found(run: Context, by: str) -> _Kept | None:
    """What an attempt before has left, of which all is still there."""
    if run.checkpointed is None:
        return None
    try:
        found = _Kept.model_validate(run.checkpointed)
    except ValidationError:  # of another version of this job
        return None
    blobs = run.blobs
    found.images = {
        number: image
        for number, image in found.images.items()
        if all(blobs.stat(blobs.path(uri)) for uri in (image.uri, image.thumbnail.uri))
    }
    return found if found.by == by else None
