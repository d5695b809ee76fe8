"""Whether the files in a job's folder are another job's, too."""

from __future__ import annotations

from collections.abc import Iterator

from common.data.extraction_jobs import EXTRACTION_JOBS
from common.documents import Documents, Query
from common.documents.query import Filter

__all__ = ["sharer"]

_AFTER_SLASH = "0"
"""The character after the slash: what begins with a folder and a slash is below this."""


def sharer(documents: Documents, folder: str, id: str) -> str:
    """Another job whose folder is this one, or is in it or around it; empty without one."""
    for where in _asked(folder):
        for found in documents.query(Query(EXTRACTION_JOBS, where=where, limit=2)):
            if found.id != id:
                return f"{EXTRACTION_JOBS}/{found.id}"
    return ""


def _asked(folder: str) -> Iterator[tuple[Filter, ...]]:
    yield (("folder", "==", folder),)
    yield (("folder", ">=", f"{folder}/"), ("folder", "<", folder + _AFTER_SLASH))
    for around in _around(folder):
        yield (("folder", "==", around),)
        yield (("folder", "==", f"{around}/"),)


def _around(folder: str) -> Iterator[str]:
    """Folders that it is in and that a job can have: those below `uploads`."""
    parts = folder.split("/")
    for depth in range(len(parts) - 1, parts.index("uploads") + 1, -1):
        yield "/".join(parts[:depth])
