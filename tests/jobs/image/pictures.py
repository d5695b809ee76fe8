"""Small pictures as others send them, and what is to be seen of one in the store."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

__all__ = ["bomb", "encoded", "stored"]


def encoded(
    form: str = "PNG", *, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture: red on the left, blue on the right."""
    picture = Image.new("RGB", size, (200, 30, 20))
    picture.paste((20, 30, 200), (size[0] // 2, 0, *size))
    stream = io.BytesIO()
    picture.convert(mode).save(stream, form, **options)
    return stream.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of few bytes that says to have so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def stored(ledger: Any, media: dict[str, Any]) -> Image.Image:
    """A picture of a result, from the store, which is what the result says that it is."""
    data = ledger.blobs.read(ledger.blobs.path(media["uri"]))
    assert len(data) == media["size"]
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.size == (media["width"], media["height"])
    assert picture.format == {"image/png": "PNG", "image/webp": "WEBP"}[media["content_type"]]
    return picture
