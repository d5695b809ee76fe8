"""A stage: blobs that are written one by one and seen all together.

What is written there is nobody's blob yet: no listing shows it, no path leads to it. So whoever
makes many blobs of one thing can find out whether all of them can be had before there is one.
Notes beside them are for whoever goes on after a crash, in the same place by the same name.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.blobs.sources import Source

__all__ = ["Published", "Stage"]


class Published(NamedTuple):
    """What a call of `publish` has not made blobs of."""

    taken: list[str]
    """Paths where other blobs are."""
    absent: list[str]
    """Paths for which nothing of that size was staged: published by an earlier call, or lost."""


class Stage(abc.ABC):
    """Blobs of one store that are not published yet, and notes about them.

    All methods may be called from several threads, and from several processes that opened the
    stage of one name: where two write the same path, one of the two is there, whole.
    """

    @abc.abstractmethod
    def write(self, path: str, source: Source, *, content_type: str | None = None) -> None:
        """Write what is to be the blob at `path`, in place of what was staged for it."""

    @abc.abstractmethod
    def open(self, path: str) -> BinaryIO:
        """Return a seekable reader of what is staged for `path`; BlobNotFound."""

    @abc.abstractmethod
    def note(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, a part of a path, in place of what was there."""

    @abc.abstractmethod
    def notes(self) -> dict[str, str]:
        """Return the names of all notes, each with an etag that differs when the note does."""

    @abc.abstractmethod
    def read_note(self, name: str) -> bytes:
        """Return what a note holds; BlobNotFound."""

    @abc.abstractmethod
    def publish(self, wanted: Mapping[str, int]) -> Published:
        """Make blobs of what is staged for these paths, each where none is, durably.

        `wanted` has the size of each. What is there stays, and so does what is staged for it.
        """

    @abc.abstractmethod
    def remove(self) -> None:
        """Remove all that is still staged, and the notes."""
