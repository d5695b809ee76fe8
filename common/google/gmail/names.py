"""What a file of a message is called."""

from __future__ import annotations

import mimetypes

from common.blobs.content_types import UNKNOWN, guess_content_type
from common.google.gmail.headers import plain
from common.google.gmail.parts import MESSAGE, Part
from common.integrations.arrivals import safe_name

__all__ = ["name_of", "type_of"]

_EML = ".eml"


def name_of(part: Part) -> str:
    """Its name, fit to be a part of a path; made up where the sender gave none."""
    said = plain(part.filename) if "=?" in part.filename else part.filename
    name = safe_name(said) if said.strip(" .") else ""
    if part.content_type == MESSAGE:
        name = name or "message"
        return name if name.lower().endswith(_EML) else safe_name(name + _EML)
    return name or f"attachment{_extension(part.content_type)}"


def type_of(part: Part) -> str:
    """Its MIME type; what its name says, where the message says nothing."""
    if part.content_type == UNKNOWN:
        return guess_content_type(name_of(part))
    return part.content_type


def _extension(content_type: str) -> str:
    return mimetypes.guess_extension(content_type, strict=True) or ".bin"
