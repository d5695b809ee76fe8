"""A place: a store of blobs, and a path or a prefix in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import BinaryIO

from common.blobs import Blob, BlobNotFound, Blobs

__all__ = ["Place"]


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where one blob is, or many are below: `path` in `blobs`."""

    blobs: Blobs
    path: str
    """Without a slash at its end; empty for the root of the store."""

    @property
    def uri(self) -> str:
        """By which others name it."""
        return self.blobs.uri(self.path) if self.path else self.blobs.uri("_").removesuffix("/_")

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    def below(self, name: str) -> Place:
        """The place of that name, such as `a/b.txt`, below this one."""
        return Place(self.blobs, f"{self.path}/{name}" if self.path else name)

    def open(self) -> BinaryIO:
        """A seekable reader of the blob here, by ranges; close it. Raises BlobNotFound."""
        return self.blobs.open(self._blob)

    def read(self) -> bytes:
        """All bytes of a blob that is known to be small. Raises BlobNotFound."""
        return self.blobs.read(self._blob)

    def stat(self) -> Blob:
        """What is known of the blob here. Raises BlobNotFound."""
        if found := self.blobs.stat(self._blob):
            return found
        raise BlobNotFound(self.uri)

    def list(self) -> Iterator[Blob]:
        """All blobs below, in order of their paths."""
        return self.blobs.list(f"{self.path}/" if self.path else "")

    @property
    def _blob(self) -> str:
        """Its path; the root of a store is none."""
        if not self.path:
            raise BlobNotFound(self.uri)
        return self.path
