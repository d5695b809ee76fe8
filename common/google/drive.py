"""What the jobs about Drive have in common: its ids, its types, its ways of saying no."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from common.errors import InvalidInput

__all__ = [
    "FOLDER",
    "NATIVE",
    "SHARED",
    "SHORTCUT",
    "corpora",
    "drive_of",
    "drive_id",
    "drive_ids",
    "reason",
]

NATIVE = "application/vnd.google-apps."
FOLDER = f"{NATIVE}folder"
SHORTCUT = f"{NATIVE}shortcut"
SHARED: Mapping[str, Any] = {"supportsAllDrives": True}
"""With which a call finds what is in a shared drive."""

_ID = re.compile(r"[A-Za-z0-9_-]{8,128}")
_HOSTS = {"drive.google.com", "docs.google.com", "drive.usercontent.google.com"}
_IN_PATH = re.compile(r"/(?:d|folders)/([A-Za-z0-9_-]+)(?:/|$)")
_REASONS = {
    "cannotDownloadFile": "its owner does not let it be downloaded",
    "cannotDownloadAbusiveFile": "Drive found it to be harmful",
    "cannotExportFile": "its owner does not let it be exported",
    "fileNotDownloadable": "it is of a kind that Drive neither keeps as a file nor exports",
    "exportSizeLimitExceeded": "it is too large for Drive to export",
    "insufficientFilePermissions": "the user has no right to it",
    "appNotAuthorizedToFile": "the user has not opened it with this app",
    "domainPolicy": "a policy of its domain forbids it",
}


def drive_id(text: str) -> str:
    """The id that is given, or that of a link of Drive. Raises InvalidInput."""
    text = text.strip()
    if text == "root" or _ID.fullmatch(text):
        return text
    found = _in_link(text) if "/" in text else None
    if found is None or not _ID.fullmatch(found):
        raise InvalidInput(
            f"{text[:200]!r} is neither an id nor a link of Drive: write it like "
            "https://drive.google.com/file/d/ID/view or https://drive.google.com/drive/folders/ID."
        )
    return found


def drive_ids(texts: Iterable[str]) -> list[str]:
    """Those of several, each once. Raises ValueError, as a model's validators do."""
    try:
        return list(dict.fromkeys(drive_id(text) for text in texts))
    except InvalidInput as error:
        raise ValueError(str(error)) from None


def corpora(drive: str | None) -> dict[str, Any]:
    """Where to search: a shared drive, all, or what the user owns, opened or was given."""
    if not drive:
        return {"corpora": "user"}
    return {"corpora": "allDrives"} if drive == "all" else {"corpora": "drive", "driveId": drive}


def drive_of(said: Mapping[str, Any]) -> str | None:
    """By which name of a drive, for `corpora`, what is in a folder is found: whoever was given the
    folder but is no member of its shared drive is told that there is no such drive."""
    capabilities = said.get("capabilities") or {}
    is_member = capabilities.get("canReadDrive", True)
    return said.get("driveId") if is_member or not said.get("driveId") else "all"


def reason(error: Exception) -> str:
    """Why a file was left out, as a clause."""
    said = _REASONS.get(str(getattr(error, "reason", "")))
    if said is None and getattr(error, "status", 0) == 404:
        said = "it is not there, or the user has no right to it"
    return said or str(error).rstrip(".")[:300]


def _in_link(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"https", "http"} or host not in _HOSTS:
        return None
    # What was published, /d/e/…, has a link that tells no id.
    if "/d/e/" not in parts.path and (found := _IN_PATH.search(parts.path)):
        return found[1]
    return next(iter(parse_qs(parts.query).get("id", ())), None)
