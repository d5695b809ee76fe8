"""What each clip is, found by looking at it and not by its name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.media.mp4.agreement import aspect, colour, turn
from common.media.mp4.film import Film, NotMp4, read_film
from common.media.probe import NotAVideo
from common.media.survey import Survey, survey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.runtime import Context
    from jobs.reel_stitching.sources import Copies, Source

__all__ = ["BadClip", "Look", "looked_at"]

READERS = 8
"""Clips that are asked for their tables at once, where that is a matter of round trips."""
LARGEST = 36_000_000
"""Pixels of a frame: more than 8K has; a decoder takes 12 bytes or so for each, many times."""


class BadClip(InvalidInput):
    """Raised when a clip is broken or empty; it says which one, and why."""

    def __init__(self, number: int, source: Source, why: str) -> None:
        self.number, self.source, self.why = number, source, why
        self.named = f"clip {number} ({source.uri})"
        super().__init__(f"The {self.named} cannot be used: {why}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Look(Survey):
    """A clip that can be used."""

    number: int
    """Its place among the clips that were named, from 1."""
    source: Source
    film: Film | None
    """Its tables, where it is a plain MP4."""
    colour: tuple[int, int, int] | None
    """Primaries, transfer and matrix, where they are known."""


def looked_at(
    sources: Sequence[Source], copies: Copies, run: Context
) -> tuple[list[Look], list[BadClip]]:
    """Each clip that can be used, in order, and why the others cannot."""
    looks: list[Look] = []
    bad: list[BadClip] = []
    for number, (source, film) in enumerate(zip(sources, _films(sources), strict=True), 1):
        run.check()
        try:
            looks.append(_look(number, source, film, copies, run))
        except NotAVideo as error:
            bad.append(BadClip(number, source, str(error)))
    return looks, bad


def _films(sources: Sequence[Source]) -> list[Film | NotAVideo]:
    if all(source.uri.startswith("file://") for source in sources):
        return [_film(source) for source in sources]
    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(_film, sources))


def _film(source: Source) -> Film | NotAVideo:
    try:
        with source.open() as stream:
            return read_film(stream, source.size)
    except NotAVideo as error:
        return error


def _look(
    number: int, source: Source, film: Film | NotAVideo, copies: Copies, run: Context
) -> Look:
    if isinstance(film, NotMp4):
        look = _surveyed(number, source, copies, run)
    elif isinstance(film, NotAVideo):
        raise film
    else:
        look = _read(number, source, film)
    if look.width * look.height > LARGEST:
        raise NotAVideo(f"its picture has {look.width}x{look.height} pixels")
    return look


def _read(number: int, source: Source, film: Film) -> Look:
    picture = film.picture
    width, height = round(picture.width * aspect(picture)), picture.height
    if turn(picture) % 180:
        width, height = height, width
    return Look(
        number=number,
        source=source,
        film=film,
        width=width,
        height=height,
        seconds=film.seconds,
        rate=picture.rate,
        sound=film.sound is not None,
        late=film.late,
        colour=colour(picture),
    )


def _surveyed(number: int, source: Source, copies: Copies, run: Context) -> Look:
    found = survey(copies.path(source), start=run.start)
    copies.drop(source)
    return Look(number=number, source=source, film=None, colour=None, **asdict(found))
