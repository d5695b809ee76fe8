"""As what Drive is to make a file: as it is, or, of a table, as a Google Sheet."""

from __future__ import annotations

from typing import Any

from common.google.drive import NATIVE
from jobs.drive_export.sources import Source

__all__ = ["is_table", "made_as"]

_SHEET = f"{NATIVE}spreadsheet"
_TABLES = {
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def is_table(source: Source) -> bool:
    """Whether Drive can make a Google Sheet of it."""
    return source.content_type in _TABLES


def made_as(source: Source, folder: str, id: str | None, *, convert: bool) -> dict[str, Any]:
    """The metadata of the file, which gets that id if there is one."""
    name, kind = source.title, source.content_type
    if convert:
        name, kind = name.rpartition(".")[0] or name, _SHEET
    made = {"name": name, "mimeType": kind, "parents": [folder]}
    return made if id is None else {**made, "id": id}
