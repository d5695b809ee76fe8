"""The blobs seam.

blob: bytes kept under a path, whole or not at all, with a size, a content type, an etag.
path: a relative text such as `runs/r1/out.mp4`; paths.py says which texts are paths.
root: what all paths of one store are below: a folder, or a bucket and a prefix.
URI: root and path, `file:///root/path` or `gs://bucket/prefix/path`: how others name a blob.
prefix: the beginning of a path's text, not of its parts: `runs/r1` begins `runs/r10/a` too.
if-absent: a write that succeeds only where nothing was; of racing writers exactly one does.
version: what one write left; a reader reads one version, or fails, and never mixes two.
"""

from __future__ import annotations

import abc
import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from common.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from common.blobs.sources import Source
    from common.blobs.stage import Stage

__all__ = ["LONGEST_SIGNATURE", "Blob", "Blobs", "check_expiry"]

LONGEST_SIGNATURE = timedelta(days=7)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Blob:
    """What is known of a blob without reading it."""

    path: str
    """Its path below the root."""
    uri: str
    """Its `file://` or `gs://` URI."""
    size: int
    """Bytes."""
    content_type: str
    """MIME type."""
    updated: datetime
    """When it was written; UTC, aware, by the store's clock."""
    etag: str
    """An opaque text that differs when the content does."""


class Blobs(abc.ABC):
    """Blobs below one root.

    Any method raises BadPath for a path that breaks the rules, Misconfigured when the root
    is missing or may not be used, Unavailable when the store does not answer. All of them
    may be called from several threads, and from several processes on one root.
    """

    can_nest: ClassVar[bool]
    """Whether `a` and `a/b` can both be blobs; where not, the second is BadPath."""
    keeps_content_type: ClassVar[bool]
    """Whether the content type given to `write` is kept; where not, it is the name's."""

    @abc.abstractmethod
    def write(
        self, path: str, source: Source, *, content_type: str | None = None, replace: bool = False
    ) -> Blob:
        """Write `source` (bytes, a binary stream from where it is, or a file's path) to `path`.

        It is streamed, and visible only when it is whole. Without `content_type` the name
        decides. Raises BlobExists where there is one, unless `replace`.
        """

    @abc.abstractmethod
    def open(self, path: str) -> BinaryIO:
        """Return a seekable reader of the version that is there now; close it.

        It fetches the ranges that are read. Raises BlobNotFound, here or, where the store
        does not keep replaced versions, at a later read.
        """

    @abc.abstractmethod
    def stat(self, path: str) -> Blob | None:
        """Return what is known of the blob at `path`, None where there is none."""

    @abc.abstractmethod
    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Return all blobs whose path's text begins with `prefix`, in order of their paths."""

    @abc.abstractmethod
    def delete(self, paths: Iterable[str]) -> int:
        """Delete the blobs at `paths`; return how many were there. BadPath deletes none."""

    @abc.abstractmethod
    def sign(self, path: str, expires: timedelta) -> str:
        """Return a URL by which anybody can GET `path` until `expires` from now, at most 7 days.

        It does not look whether the blob is there. Raises CannotSign.
        """

    @abc.abstractmethod
    def uri(self, path: str) -> str:
        """Return the URI of `path`."""

    @abc.abstractmethod
    def path(self, uri: str) -> str:
        """Return the path of `uri`; BadPath where it is outside of this root."""

    @abc.abstractmethod
    def stage(self, name: str) -> Stage:
        """Return the stage of that name, a part of a path: where blobs are written before they
        are published together. Nothing is touched yet."""

    @abc.abstractmethod
    def check(self) -> None:
        """Raise Misconfigured with culprit and fix if the root cannot be used; change nothing."""

    def read(self, path: str) -> bytes:
        """Return all bytes of a blob that is known to be small; BlobNotFound."""
        with self.open(path) as stream:
            return stream.read()


def check_expiry(expires: timedelta) -> timedelta:
    """Return `expires`, or raise InvalidInput where no signed URL can live that long."""
    if timedelta(seconds=1) <= expires <= LONGEST_SIGNATURE:
        return expires
    raise InvalidInput(f"A signed URL lives between 1 second and 7 days, not {expires}.")
