"""Which files are documents, as far as their names and media types tell."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from common.blobs.content_types import UNKNOWN, guess_content_type

if TYPE_CHECKING:
    from jobs.extraction_batch.listing import Listed

__all__ = ["why_not"]

_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCUMENTS = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/tiff",
        "image/webp",
        "image/gif",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}wordprocessingml.document",
        "message/rfc822",
        "text/html",
        "text/csv",
        "text/tab-separated-values",
        "text/plain",
        "text/markdown",
    }
)
_PROGRAMS = frozenset({".bin", ".db", ".dll", ".dmg", ".exe", ".iso", ".msi", ".pyc", ".so"})
_LEFTOVERS = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def why_not(file: Listed) -> str | None:
    """Why a file is no document; None for one that may be."""
    if not file.content_type:
        return None
    path = PurePosixPath(file.name.lower())
    if path.name in _LEFTOVERS or path.name.startswith("._") or "__macosx" in path.parts:
        return "a leftover of an operating system"
    if file.size == 0:
        return "it is empty"
    kind = _kind(file, path.suffix)
    return None if kind in _DOCUMENTS or kind == UNKNOWN else f"{kind} is not read"


def _kind(file: Listed, suffix: str) -> str:
    """Its media type; unknown where only its bytes can tell."""
    said = file.content_type.partition(";")[0].strip().lower()
    if said != UNKNOWN:
        return said
    return "a program" if suffix in _PROGRAMS else guess_content_type(file.name)
