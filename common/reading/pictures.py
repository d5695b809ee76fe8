"""Pictures: PNG, JPEG, TIFF with all its pages, WebP, GIF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import DamagedDocument, TooLargeDocument
from common.reading.recognition import Picture, recognise

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["pages"]

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "GIF")
_INCH = 72
_A4 = 11.7
"""Inches of the longer side, where a picture does not say, or cannot be believed."""
_BELIEVED = (100, 1300)
_FINE = 2400
"""Pixels of the longer side, to which smaller pictures are enlarged."""
_MOST = 16_000_000
"""Pixels to which larger ones are shrunk: they take longer, and nothing more is seen."""


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """Each page of a picture; only a TIFF has several."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # looked at below, before anything is unpacked
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (OSError, ValueError, SyntaxError) as error:
        raise _damaged(reading.name, error) from error
    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    reading.expect(count)
    for index in range(min(count, reading.pages_left)):
        yield _page(image, index, count, reading)


def _page(image: Image, index: int, count: int, reading: Reading) -> Page:
    what = f"Page {index + 1} of {reading.name}" if count > 1 else reading.name
    try:
        image.seek(index)
        _check(image, reading)
        dpi = _dpi(image)
        grey = _grey(image)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise _damaged(reading.name, error) from error
    grey, dpi = _resized(grey, dpi)
    seen = recognise(Picture(grey, _INCH / dpi, what), reading)
    return Page(index + 1, seen.width, seen.height, seen.lines)


def _check(image: Image, reading: Reading) -> None:
    limit = reading.limits.pixels
    if image.format == "JPEG" and image.width * image.height > limit:
        image.draft("L", (image.width // 2, image.height // 2))
    if image.width * image.height > limit:
        why = f"has {image.width:,} x {image.height:,} pixels; {limit:,} are the limit: shrink it."
        raise TooLargeDocument(reading.name, why)


def _grey(image: Image) -> Image:
    from PIL import Image as Images
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        paper = Images.new("RGBA", clear.size, "white")
        upright = Images.alpha_composite(paper, clear)
    return upright.convert("L")


def _dpi(image: Image) -> float:
    """Of the picture as its file says, or else as if it were a page of A4."""
    said = image.info.get("dpi", (0, 0))[0]
    if _BELIEVED[0] <= said <= _BELIEVED[1]:
        return float(said)
    return max(image.size) / _A4


def _resized(image: Image, dpi: float) -> tuple[Image, float]:
    from PIL import Image as Images

    factor = max(1.0, min(4.0, _FINE / max(image.size)))
    factor = min(factor, (_MOST / (image.width * image.height)) ** 0.5)
    if factor == 1:
        return image, dpi
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Images.Resampling.LANCZOS), dpi * factor


def _damaged(name: str, error: Exception) -> DamagedDocument:
    return DamagedDocument(name, f"is a damaged picture ({error}): get it anew.")
