"""The content type that a blob's name suggests, the same on every machine."""

from __future__ import annotations

import functools
import mimetypes

__all__ = ["UNKNOWN", "guess_content_type"]

UNKNOWN = "application/octet-stream"

# Common inputs and outputs that the oldest supported Python does not know.
_OPEN = "application/vnd.openxmlformats-officedocument."
_ADDED = {
    ".docx": f"{_OPEN}wordprocessingml.document",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".parquet": "application/vnd.apache.parquet",
    ".pptx": f"{_OPEN}presentationml.presentation",
    ".rtf": "application/rtf",
    ".webp": "image/webp",
    ".xlsx": f"{_OPEN}spreadsheetml.sheet",
}
_COMPRESSED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}


def guess_content_type(path: str) -> str:
    """Return the MIME type for the name `path`; UNKNOWN where its ending says nothing."""
    guessed, encoding = _types().guess_type(path.rsplit("/", 1)[-1])
    # A compressed file is served as it is: its type is the compression's, not the content's.
    return _COMPRESSED.get(encoding, UNKNOWN) if encoding else guessed or UNKNOWN


@functools.cache
def _types() -> mimetypes.MimeTypes:
    # A table of its own: the module's takes in whatever the machine's /etc/mime.types says.
    types = mimetypes.MimeTypes()
    for ending, content_type in _ADDED.items():
        types.add_type(content_type, ending)
    return types
