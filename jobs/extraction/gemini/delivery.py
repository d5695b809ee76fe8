"""How a document gets to Gemini: by its gs:// URI, as its bytes, or as the text that was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import InvalidInput

if TYPE_CHECKING:
    from common.gemini.settings import GeminiSettings
    from common.reading.document import Document
    from jobs.extraction.providers import Material

__all__ = ["Delivery", "delivery", "is_taken"]

# https://ai.google.dev/gemini-api/docs/document-processing
TAKEN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})
"""Formats that Gemini reads itself; all others are sent as the text that was read of them."""
_INLINE = 14 << 20
"""Bytes: a request has at most 20 MiB, and base64 adds a third."""
_BY_URI = 50 << 20
"""Bytes of a PDF that Vertex AI fetches itself."""
_PAGES = 1000
"""Of a PDF."""
_TEXT = 2_000_000
"""Characters: about half a million tokens."""


_BEGINNINGS = re.compile(rb"%PDF-|\x89PNG\r\n|\xff\xd8\xff|RIFF.{4}WEBP", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """The document in one of three ways."""

    content_type: str
    uri: str | None = None
    data: bytes | None = None
    text: str | None = None


def delivery(material: Material, settings: GeminiSettings) -> Delivery:
    """The way that Gemini takes. Raises InvalidInput for what is too large for all of them."""
    document = material.document
    size = material.file.stat().st_size
    if document.content_type not in TAKEN or len(document.pages) > _PAGES:
        return _as_text(document)
    if settings.on_vertex and material.uri.startswith("gs://") and size <= _BY_URI:
        return Delivery(content_type=document.content_type, uri=material.uri)
    if size <= _INLINE:
        return Delivery(content_type=document.content_type, data=material.file.read_bytes())
    return _as_text(document)


def is_taken(file: Path, settings: GeminiSettings) -> bool:
    """Whether a file begins like one that Gemini reads itself, and is not too large for that."""
    if file.stat().st_size > (_BY_URI if settings.on_vertex else _INLINE):
        return False
    with file.open("rb") as stream:
        return _BEGINNINGS.match(stream.read(16)) is not None


def _as_text(document: Document) -> Delivery:
    text = "\n\n".join(f"[Page {page.number}]\n{page.text}" for page in document.pages)
    if not document.text.strip():
        raise InvalidInput(
            f"{document.name} is too large, or of a format that Gemini does not read, and has no "
            "text that could be sent instead: split it, or save it as a smaller PDF."
        )
    if len(text) > _TEXT:
        raise InvalidInput(
            f"{document.name} has {len(text):,} characters; Gemini is asked about {_TEXT:,} at "
            "most: split it."
        )
    return Delivery(content_type="text/plain", text=text)
