"""A file of a drive, as Drive describes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from common.google.drive import FOLDER, NATIVE, SHORTCUT, drive_of

__all__ = ["FIELDS", "Found", "found_of"]

FIELDS = (
    "id,name,mimeType,size,md5Checksum,sha256Checksum,headRevisionId,modifiedTime,trashed,driveId,"
    "shortcutDetails(targetId,targetMimeType),capabilities(canDownload,canReadDrive)"
)
"""What is asked of each file."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One file, folder or shortcut."""

    id: str
    name: str
    """With the folders that it was found in: `2026/invoice.pdf`."""
    mime: str
    modified: str
    """RFC 3339."""
    size: int | None = None
    """Bytes; Google's own documents have none that would help."""
    sha256: str | None = None
    md5: str | None = None
    revision: str | None = None
    drive: str | None = None
    """The shared drive that it is in, or `all`: where to look for what is in a folder."""
    target: str | None = None
    """The id of what a shortcut leads to."""
    target_mime: str | None = None
    trashed: bool = False
    can_download: bool = True

    @property
    def is_folder(self) -> bool:
        """Whether others may be in it."""
        return self.mime == FOLDER

    @property
    def is_shortcut(self) -> bool:
        """Whether it only leads to another."""
        return self.mime == SHORTCUT

    @property
    def is_native(self) -> bool:
        """Whether Google keeps it in a form of its own, which can be exported at best."""
        return self.mime.startswith(NATIVE)

    @property
    def content(self) -> str:
        """What differs when the content of a file does; moved and renamed it is the same file."""
        return self.sha256 or self.md5 or self.revision or self.modified


def found_of(said: Mapping[str, Any], *, within: str = "") -> Found:
    """Of a files resource, found in the folder of that name. Raises ValueError for garbage."""
    id, name, mime = (_text(said, field) for field in ("id", "name", "mimeType"))
    shortcut = said.get("shortcutDetails") or {}
    capabilities = said.get("capabilities") or {}
    return Found(
        id=id,
        name=f"{within}/{name}" if within else name,
        mime=mime,
        modified=_text(said, "modifiedTime"),
        size=int(said["size"]) if "size" in said else None,
        sha256=said.get("sha256Checksum"),
        md5=said.get("md5Checksum"),
        revision=said.get("headRevisionId"),
        drive=drive_of(said),
        target=shortcut.get("targetId"),
        target_mime=shortcut.get("targetMimeType"),
        trashed=bool(said.get("trashed")),
        can_download=bool(capabilities.get("canDownload", True)),
    )


def _text(said: Mapping[str, Any], field: str) -> str:
    value = said.get(field)
    if not isinstance(value, str):
        raise ValueError(f"a file without {field}")  # noqa: TRY004 - what it is given is at fault
    return value.encode(errors="replace").decode()  # JSON may spell half a character
