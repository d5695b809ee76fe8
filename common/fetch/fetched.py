"""What was fetched, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote

__all__ = ["Fetched", "name_of"]

_LONGEST = 200
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A file that was fetched."""

    url: str
    """Where it was at last, without its query: that may hold secrets."""
    host: str
    content_type: str
    """As the server said, in lower case and without parameters; may be empty."""
    size: int
    """Bytes."""
    sha256: str
    name: str
    """As the server or else the URL has it: one part of a path, or empty."""
    etag: str = ""
    """What this version of it is called, where the server said so: for If-None-Match."""


def name_of(headers: Mapping[str, str], path: str) -> str:
    """The name of a file, made harmless."""
    said = Message()
    said["Content-Disposition"] = headers.get("Content-Disposition", "")
    try:
        name = said.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    return _harmless(name) or _harmless(unquote(path.partition("?")[0].rpartition("/")[2]))


def _harmless(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(c for c in last if c.isprintable())
    return _NOT_IN_NAMES.sub("_", printable).strip(". ")[:_LONGEST]
