"""Blobs in Cloud Storage: what is at `path` is the object `prefix/path` of a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, ClassVar

from google.cloud.storage.retry import DEFAULT_RETRY

from common.blobs.base import Blob, Blobs, check_expiry
from common.blobs.content_types import UNKNOWN, guess_content_type
from common.blobs.errors import BadPath, BlobExists
from common.blobs.gcs_client import Connection, connect
from common.blobs.gcs_errors import translated
from common.blobs.gcs_objects import GcsObjects
from common.blobs.gcs_signing import signed_url
from common.blobs.gcs_stage import GcsStage
from common.blobs.paths import check_path, check_paths, check_prefix, fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import timedelta

    from google.api_core.retry import Retry
    from google.cloud.storage import Blob as StoredBlob

    from common.blobs.sources import Source
    from common.blobs.stage import Stage

__all__ = ["GcsBlobs"]

_RETRY = DEFAULT_RETRY.with_timeout(90.0)


class GcsBlobs(Blobs):
    """Blobs in `bucket` below `prefix`.

    It is reached at first use, by `connect`; `retry` is how a call without answer is repeated.
    """

    can_nest: ClassVar[bool] = True
    keeps_content_type: ClassVar[bool] = True

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        connect: Callable[[], Connection] = connect,
        retry: Retry = _RETRY,
    ) -> None:
        self._prefix = check_path(prefix.strip("/")) + "/" if prefix.strip("/") else ""
        self._objects = GcsObjects(bucket, connect=connect, retry=retry)

    def write(
        self, path: str, source: Source, *, content_type: str | None = None, replace: bool = False
    ) -> Blob:
        """Upload it."""
        content_type = content_type or guess_content_type(path)
        written = self._objects.write(
            self._name(path), source, content_type=content_type, replace=replace
        )
        if written is None:
            raise BlobExists(self.uri(path))
        return self._blob(written)

    def open(self, path: str) -> BinaryIO:
        """Pin what is there now; ranges of it are fetched as they are read."""
        return self._objects.open(self._name(path))

    def stat(self, path: str) -> Blob | None:
        """Ask for the object's metadata."""
        found = self._objects.find(self._name(path))
        return None if found is None else self._blob(found)

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Page through the bucket; objects whose names are no paths are left out."""
        return self._list(self._prefix + check_prefix(prefix))

    def delete(self, paths: Iterable[str]) -> int:
        """Delete some at a time; one whose answer was lost may not be counted."""
        return self._objects.delete(map(self._name, check_paths(paths)))

    def sign(self, path: str, expires: timedelta) -> str:
        """Make a V4 signed URL."""
        blob, uri = self._objects.object(self._name(path)), self.uri(path)
        with translated(uri):
            credentials = self._objects.connection.credentials
            return signed_url(blob, check_expiry(expires), credentials, uri)

    def uri(self, path: str) -> str:
        """Return gs://bucket/prefix/path, as it is: gs:// URIs are not percent-encoded."""
        return self._objects.uri(self._name(path))

    def path(self, uri: str) -> str:
        """Take bucket and prefix off `uri`."""
        base = self._objects.uri(self._prefix)
        if not uri.startswith(base):
            raise BadPath(uri, f"it is not below {base}")
        return check_path(uri.removeprefix(base))

    def stage(self, name: str) -> Stage:
        """Return a prefix among the half-written objects."""
        return GcsStage(self._objects, self._prefix, check_path(name), name_of=self._name)

    def check(self) -> None:
        """List one object, and ask which of the permissions needed are granted."""
        self._objects.check()

    def _name(self, path: str) -> str:
        return check_path(self._prefix + check_path(path))

    def _list(self, prefix: str) -> Iterator[Blob]:
        for found in self._objects.list(prefix):
            if fault(found.name.removeprefix(self._prefix)) is None:
                yield self._blob(found)

    def _blob(self, found: StoredBlob) -> Blob:
        path = found.name.removeprefix(self._prefix)
        return Blob(
            path=path,
            uri=self.uri(path),
            size=found.size,
            content_type=found.content_type or UNKNOWN,
            updated=found.updated,
            etag=found.etag,
        )
