"""As what Google's own documents are exported.

https://developers.google.com/workspace/drive/api/guides/ref-export-formats
"""

from __future__ import annotations

import dataclasses

from common.google.drive import NATIVE
from jobs.drive_import.params import DriveImport

__all__ = ["Format", "format_of"]

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_TYPES = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
    "html": "application/zip",
    "json": "application/vnd.google-apps.script+json",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
}
_ENDINGS = {"html": "html.zip"}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """What a document becomes."""

    ending: str
    """Of its name."""
    content_type: str


def format_of(mime: str, params: DriveImport) -> Format | None:
    """That of a document of Google's own; None where there is none."""
    name = {
        "document": params.documents,
        "spreadsheet": params.spreadsheets,
        "presentation": params.presentations,
        "drawing": params.drawings,
        "script": "json",
    }.get(mime.removeprefix(NATIVE))
    if name is None:
        return None
    return Format(ending=_ENDINGS.get(name, name), content_type=_TYPES[name])
