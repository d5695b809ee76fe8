"""Blobs in Cloud Storage: what is at `path` is the object `prefix/path` of a bucket."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from google.api_core.exceptions import NotFound
from google.cloud.storage.retry import DEFAULT_RETRY

from common.blobs.base import Blob, Blobs, check_expiry
from common.blobs.content_types import UNKNOWN, guess_content_type
from common.blobs.errors import BadPath, BlobExists, BlobNotFound
from common.blobs.gcs_client import Connection, connect
from common.blobs.gcs_errors import no_bucket, translated
from common.blobs.gcs_signing import signed_url
from common.blobs.gcs_stage import GcsStage
from common.blobs.gcs_upload import simple_size, upload
from common.blobs.paths import check_path, check_paths, check_prefix, fault
from common.blobs.ranges import open_ranges
from common.blobs.sources import Source, SourceReader, opened
from common.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import timedelta

    from google.api_core.retry import Retry
    from google.cloud.storage import Blob as StoredBlob
    from google.cloud.storage import Bucket

    from common.blobs.stage import Stage

__all__ = ["GcsBlobs"]

_TIMEOUT = (10.0, 60.0)  # seconds to connect, seconds between two bytes
_RETRY = DEFAULT_RETRY.with_timeout(90.0)
# As many connections as the HTTP client keeps open.
_DELETERS = 8
_NEEDED = tuple(f"storage.objects.{verb}" for verb in ("create", "delete", "get", "list"))


class GcsBlobs(Blobs):
    """Blobs in `bucket` below `prefix`.

    It is reached at first use, by `connect`; `retry` is how a call without answer is repeated.
    """

    can_sign: ClassVar[bool] = True
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
        self._name = bucket
        self._connect = connect
        self._calls = {"timeout": _TIMEOUT, "retry": retry}
        self._bucket_seen = False

    def write(
        self, path: str, source: Source, *, content_type: str | None = None, replace: bool = False
    ) -> Blob:
        """Upload by one request, or chunk by chunk where it is large."""
        target = self._bucket.blob(self._object(path))
        content_type = content_type or guess_content_type(path)
        with opened(source) as stream:
            size = simple_size(stream)
            # A large upload is refused before its bytes have travelled. Besides, an emulator
            # may not hold the condition at an upload's end, as Cloud Storage does.
            if not replace and size is None and self.stat(path):
                raise BlobExists(self.uri(path))
            how: dict[str, Any] = {"size": size, "content_type": content_type, "replace": replace}
            if not self._upload(target, stream, how):
                raise BlobExists(self.uri(path))
        return self._blob(target)

    def open(self, path: str) -> BinaryIO:
        """Pin the generation that is there now; ranges of it are fetched as they are read."""
        return self._open(self._object(path), self.uri(path))

    def stat(self, path: str) -> Blob | None:
        """Ask for the object's metadata."""
        found = self._look(path)
        return None if found is None else self._blob(found)

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Page through the bucket; objects whose names are no paths are left out."""
        return self._list(self._prefix + check_prefix(prefix))

    def delete(self, paths: Iterable[str]) -> int:
        """Delete some at a time; one whose answer was lost may not be counted."""
        with ThreadPoolExecutor(_DELETERS) as pool:
            return sum(pool.map(self._delete, check_paths(paths)))

    def sign(self, path: str, expires: timedelta) -> str:
        """Make a V4 signed URL."""
        blob, uri = self._bucket.blob(self._object(path)), self.uri(path)
        with translated(uri):
            return signed_url(blob, check_expiry(expires), self._connection.credentials, uri)

    def uri(self, path: str) -> str:
        """Return gs://bucket/prefix/path, as it is: gs:// URIs are not percent-encoded."""
        return f"gs://{self._name}/{self._object(path)}"

    def path(self, uri: str) -> str:
        """Take bucket and prefix off `uri`."""
        base = f"gs://{self._name}/{self._prefix}"
        if not uri.startswith(base):
            raise BadPath(uri, f"it is not below {base}")
        return check_path(uri.removeprefix(base))

    def stage(self, name: str) -> Stage:
        """Return a prefix among the half-written objects."""
        return GcsStage(
            lambda: self._bucket,
            self._prefix,
            check_path(name),
            calls=self._calls,
            object_of=self._object,
            read=self._open,
        )

    def check(self) -> None:
        """List one object, and ask which of the permissions needed are granted."""
        self._bucket_seen = False
        self._require_bucket()
        try:
            with translated(self._root):
                granted = self._bucket.test_iam_permissions(_NEEDED, **self._calls)
        except NotFound:
            return  # an emulator has no permissions
        if refused := sorted(set(_NEEDED) - set(granted)):
            raise Misconfigured(
                f"Not permitted on {self._root}: {', '.join(refused)}."
                " Grant roles/storage.objectUser on the bucket to the account this runs as."
            )

    @functools.cached_property
    def _connection(self) -> Connection:
        with translated(self._root):
            return self._connect()

    @property
    def _bucket(self) -> Bucket:
        return self._connection.client.bucket(self._name)

    @property
    def _root(self) -> str:
        return f"gs://{self._name}"

    def _object(self, path: str) -> str:
        return check_path(self._prefix + check_path(path))

    def _upload(self, target: StoredBlob, stream: SourceReader, how: dict[str, Any]) -> bool:
        try:
            return upload(target, stream, calls=self._calls, **how)
        except NotFound as error:
            raise no_bucket(self._name) from error

    def _look(self, path: str) -> StoredBlob | None:
        return self._look_at(self._object(path), self.uri(path))

    def _look_at(self, name: str, uri: str) -> StoredBlob | None:
        found = self._bucket.blob(name)
        try:
            with translated(uri):
                found.reload(**self._calls)
        except NotFound:
            self._require_bucket()
            return None
        return found

    def _open(self, name: str, uri: str) -> BinaryIO:
        now = self._look_at(name, uri)
        if now is None:
            raise BlobNotFound(uri)
        pinned = self._bucket.blob(now.name, generation=now.generation)
        return open_ranges(functools.partial(self._fetch, pinned, uri), now.size)

    def _require_bucket(self) -> None:
        """Find out, once, whether "not found" was said of the object or of its bucket."""
        if self._bucket_seen:
            return
        try:
            with translated(self._root):
                next(iter(self._bucket.list_blobs(max_results=1, **self._calls)), None)
        except NotFound as error:
            raise no_bucket(self._name) from error
        self._bucket_seen = True

    def _fetch(self, pinned: StoredBlob, uri: str, start: int, stop: int) -> bytes:
        try:
            with translated(uri):
                # Raw: as it is stored, or a range of it would not be a range of what is read.
                data: bytes = pinned.download_as_bytes(
                    start=start, end=stop - 1, raw_download=True, checksum=None, **self._calls
                )
        except NotFound as error:
            why = "it was replaced or deleted after it was opened"
            raise BlobNotFound(uri, why) from error
        return data

    def _list(self, prefix: str) -> Iterator[Blob]:
        try:
            with translated(self._root):
                for found in self._bucket.list_blobs(prefix=prefix, **self._calls):
                    if fault(found.name.removeprefix(self._prefix)) is None:
                        yield self._blob(found)
        except NotFound as error:
            raise no_bucket(self._name) from error

    def _delete(self, path: str) -> bool:
        try:
            with translated(self.uri(path)):
                self._bucket.blob(self._object(path)).delete(**self._calls)
        except NotFound:
            self._require_bucket()
            return False
        return True

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
