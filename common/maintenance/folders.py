"""Folders of blobs that are to go: what is in them, and emptying them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from common.blobs import Blobs

__all__ = ["Contents", "contents", "empty"]

_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What is below a folder."""

    files: int
    bytes: int
    newest: datetime | None
    """When the last of it was written; None where there is nothing."""


def contents(blobs: Blobs, folder: str) -> Contents:
    """What is below it."""
    found = [(blob.size, blob.updated) for blob in blobs.list(f"{folder}/")]
    return Contents(
        files=len(found),
        bytes=sum(size for size, _ in found),
        newest=max((updated for _, updated in found), default=None),
    )


def empty(
    blobs: Blobs, folder: str, *, check: Callable[[], None], before: datetime | None = None
) -> None:
    """Delete what is below it, all or what was written by then; `check` may stop it in between, by
    an error. What lies in the folder itself goes first, since it tells of what is further below:
    so nobody believes a note on files that are half gone."""
    found = blobs.list(f"{folder}/")
    paths = [blob.path for blob in found if before is None or blob.updated <= before]
    paths.sort(key=lambda path: path.count("/"))
    for at in range(0, len(paths), _AT_ONCE):
        check()
        blobs.delete(paths[at : at + _AT_ONCE])
