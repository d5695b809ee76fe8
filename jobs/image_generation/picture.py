"""Pictures as bytes: opened within bounds, and written with nothing in them but the picture."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from jobs.image_generation.errors import BadPicture

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from jobs.image_generation.params import Form

__all__ = ["CONTENT_TYPES", "opened", "small", "write"]

CONTENT_TYPES = {"png": "image/png", "webp": "image/webp"}
_FORMATS = ("PNG", "JPEG", "WEBP")
_BYTES = 64 << 20
_PIXELS = 36_000_000
"""Twice what the largest have that Gemini makes; as many take 144 MB when they are open."""


def opened(data: bytes) -> Image:
    """The picture, upright, of sRGB with or without alpha. Raises BadPicture."""
    if len(data) > _BYTES:
        raise BadPicture(f"The picture has {len(data):,} bytes; {_BYTES:,} are taken.")
    try:
        return _read(data)
    except BadPicture:
        raise
    # Decoders raise whatever comes to their minds: OSError, SyntaxError, ValueError, zlib.error.
    except Exception as error:
        kind = type(error).__name__
        raise BadPicture(f"What came is no whole PNG, JPEG or WebP ({kind}).") from error


def small(picture: Image, longest: int) -> Image:
    """A copy whose longer side has at most so many pixels."""
    from PIL.Image import Resampling

    copy = picture.copy()
    copy.thumbnail((longest, longest), Resampling.LANCZOS, reducing_gap=3.0)
    return copy


def write(picture: Image, file: Path, form: Form) -> None:
    """Write the picture. The same pixels give the same bytes, with the same Pillow."""
    if form == "webp":
        picture.save(file, "WEBP", quality=90, method=4)
    else:
        picture.save(file, "PNG", compress_level=6)


def _read(data: bytes) -> Image:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():  # of bombs: what is too large is refused below
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=_FORMATS) as found:
            width, height = found.size
            if width * height > _PIXELS:
                raise BadPicture(f"The picture has {width} x {height} pixels, which is too many.")
            found.load()
            return _plain(ImageOps.exif_transpose(found))


def _plain(found: Image) -> Image:
    """The pixels alone: what else came with them, such as where a camera was, is left behind."""
    from PIL import Image

    shown = _in_srgb(found)
    mode = "RGBA" if shown.has_transparency_data else "RGB"
    plain = Image.new(mode, shown.size)
    plain.paste(shown.convert(mode))
    # A channel that hides nothing is weight alone.
    hides = mode == "RGBA" and plain.getchannel("A").getextrema() != (255, 255)
    return plain if hides or mode == "RGB" else plain.convert("RGB")


def _in_srgb(found: Image) -> Image:
    profile = found.info.get("icc_profile")
    if not profile or found.mode not in {"RGB", "RGBA"}:
        return found
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(found, source, target) or found
    except (ImageCms.PyCMSError, OSError):  # a profile that is none changes no colour
        return found
