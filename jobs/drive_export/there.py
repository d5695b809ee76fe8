"""What is in the Drive already: a file by its id, or by the mark that was put on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from common.google.drive import NATIVE, SHARED, corpora
from jobs.drive_export.sources import Source
from jobs.drive_export.target import Target

if TYPE_CHECKING:
    from common.google import Account

__all__ = ["FIELDS", "by_id", "by_mark", "holds", "id_of", "marks"]

FIELDS = "id,name,mimeType,trashed,webViewLink,size,sha256Checksum,appProperties"
_MARK = "runjobs"
_SUM = "runjobs-sha256"


def marks(key: str, source: Source) -> dict[str, str]:
    """What is put on a file, for this app alone to see: whose it is, and what it was made from."""
    return {_MARK: key, _SUM: source.sha256}


def by_id(account: Account, id: str) -> Mapping[str, Any] | None:
    """The file, which may be in the trash; None where there is none."""
    from common.google import NotFound

    try:
        return account.get("drive", ["files", id], fields=FIELDS, **SHARED)
    except NotFound:
        return None


def by_mark(account: Account, target: Target, key: str) -> Mapping[str, Any] | None:
    """The file in the folder that has the mark."""
    mark = f"appProperties has {{ key='{_MARK}' and value='{key}' }}"
    found = account.pages(
        "drive",
        "files",
        items="files",
        q=f"'{target.id}' in parents and trashed = false and {mark}",
        fields=f"nextPageToken,files({FIELDS})",
        includeItemsFromAllDrives=True,
        **corpora(target.drive),
        **SHARED,
    )
    return next(iter(found), None)


def holds(said: Mapping[str, Any], source: Source) -> bool:
    """Whether a file in the Drive has the source's content. Drive makes no checksum of what it
    converted; what that was made from is in its mark."""
    if (found := said.get("sha256Checksum")) is not None:
        return str(found).lower() == source.sha256
    marked = (said.get("appProperties") or {}).get(_SUM) == source.sha256
    is_native = str(said.get("mimeType", "")).startswith(NATIVE)
    return marked and (is_native or str(said.get("size")) == str(source.size))


def id_of(said: Mapping[str, Any]) -> str:
    """A file's id. Raises BadAnswer where Google says none."""
    from common.google import BadAnswer

    if not isinstance(said.get("id"), str):
        raise BadAnswer("Google described a file without id.", harmless=False)
    return str(said["id"])
