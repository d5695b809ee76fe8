"""Finished files, as blobs of the attempt that made them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from pathlib import Path

    from common.runtime import Context

__all__ = ["Media", "kept"]


class Media(BaseModel):
    """A finished file."""

    uri: str
    size: int
    """Bytes."""
    sha256: str
    content_type: str


def kept(run: Context, file: Path, content_type: str) -> Media:
    """The file as a blob of this attempt, under its own name; it is seen once the run succeeds."""
    blob = run.blobs.write(run.path(file.name), file, content_type=content_type)
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Media(uri=blob.uri, size=blob.size, sha256=digest, content_type=content_type)
