"""Folders of blobs that are to go: what is in them, and emptying them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from common.blobs import Blob, Blobs

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


def empty(blobs: Blobs, folder: str, *, check: Callable[[], None]) -> None:
    """Delete all that is below it; `check` may stop it in between, by an error."""
    for some in _lumps(blobs.list(f"{folder}/")):
        check()
        blobs.delete([blob.path for blob in some])


def _lumps(found: Iterator[Blob]) -> Iterator[list[Blob]]:
    while some := [*islice(found, _AT_ONCE)]:
        yield some
