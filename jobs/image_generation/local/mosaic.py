"""Very many small shapes, edge to edge: drawn at once, a band of the picture at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageDraw

from jobs.image_generation.local.colours import RGB
from jobs.image_generation.local.pixels import whole

__all__ = ["Piece", "mosaic"]

Piece = tuple[Sequence[tuple[float, float]], RGB]
"""Its corners, in parts of the picture, and its colour."""
_FINE = 2
_BAND = 1_000_000
"""Pixels of a band: it is drawn larger, and all of a picture of 4K would be half a gigabyte."""


def mosaic(image: Image.Image, pieces: Iterable[Piece], check: Callable[[], None]) -> None:
    """Draw them into the picture, each over those before it."""
    rows = max(1, _BAND // image.width)
    bands: list[list[Piece]] = [[] for _ in range(0, image.height, rows)]
    for piece in pieces:
        down = [int(y * image.height) // rows for _, y in piece[0]]
        for band in bands[max(0, min(down)) : max(0, max(down) + 1)]:
            band.append(piece)
    for number, band in enumerate(bands):
        check()
        if band:
            _draw(image, band, number * rows, min(image.height, (number + 1) * rows))


def _draw(image: Image.Image, band: Iterable[Piece], top: int, bottom: int) -> None:
    box = (0, top, image.width, bottom)
    size = (_FINE * image.width, _FINE * (bottom - top))
    fine = image.crop(box).resize(size, Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(fine)
    for corners, colour in band:
        places = [(_FINE * x * image.width, _FINE * (y * image.height - top)) for x, y in corners]
        draw.polygon(places, fill=whole(colour))
    image.paste(fine.reduce(_FINE), box)
