"""The objects of a bucket by their names, whatever they are there for."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from google.api_core.exceptions import NotFound

from common.blobs.errors import BlobNotFound
from common.blobs.gcs_errors import no_bucket, translated
from common.blobs.gcs_upload import simple_size, upload
from common.blobs.ranges import open_ranges
from common.blobs.sources import opened
from common.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from google.api_core.retry import Retry
    from google.cloud.storage import Blob as StoredBlob
    from google.cloud.storage import Bucket

    from common.blobs.gcs_client import Connection
    from common.blobs.sources import Source

__all__ = ["GcsObjects"]

_TIMEOUT = (10.0, 60.0)  # seconds to connect, seconds between two bytes
# As many connections as the HTTP client keeps open.
_WORKERS = 8
_NEEDED = tuple(f"storage.objects.{verb}" for verb in ("create", "delete", "get", "list"))

T = TypeVar("T")
U = TypeVar("U")


class GcsObjects:
    """All objects of `bucket`, which is reached at first use.

    Where a `uri` may be given, errors name that and not the object's own.
    """

    def __init__(self, bucket: str, *, connect: Callable[[], Connection], retry: Retry) -> None:
        self.bucket = bucket
        self.calls: dict[str, Any] = {"timeout": _TIMEOUT, "retry": retry}
        """Timeout and retry of each request."""
        self._connect = connect
        self._bucket_seen = False

    @functools.cached_property
    def connection(self) -> Connection:
        """How the bucket is reached."""
        with translated(self._root):
            return self._connect()

    def object(self, name: str) -> StoredBlob:
        """What the client asks about an object with; nothing is asked yet."""
        return self._bucket.blob(name)

    def uri(self, name: str) -> str:
        """Return gs://bucket/name, as it is: gs:// URIs are not percent-encoded."""
        return f"{self._root}/{name}"

    def find(self, name: str, uri: str = "") -> StoredBlob | None:
        """Ask for the object's metadata."""
        found = self.object(name)
        try:
            with translated(uri or self.uri(name)):
                found.reload(**self.calls)
        except NotFound:
            self._require_bucket()
            return None
        return found

    def open(self, name: str, uri: str = "") -> BinaryIO:
        """Pin the generation that is there now; ranges of it are fetched as they are read."""
        uri = uri or self.uri(name)
        now = self.find(name, uri)
        if now is None:
            raise BlobNotFound(uri)
        pinned = self._bucket.blob(now.name, generation=now.generation)
        return open_ranges(functools.partial(self._fetch, pinned, uri), now.size)

    def list(self, prefix: str) -> Iterator[StoredBlob]:
        """Page through those whose names begin so."""
        try:
            with translated(self._root):
                yield from self._bucket.list_blobs(prefix=prefix, **self.calls)
        except NotFound as error:
            raise no_bucket(self.bucket) from error

    def write(
        self, name: str, source: Source, *, content_type: str, replace: bool
    ) -> StoredBlob | None:
        """Upload by one request, or chunk by chunk where it is large; None where, without
        `replace`, there is one already."""
        target = self.object(name)
        with opened(source) as stream:
            size = simple_size(stream)
            # A large upload is refused before its bytes have travelled. Besides, an emulator
            # may not hold the condition at an upload's end, as Cloud Storage does.
            if not replace and size is None and self.find(name):
                return None
            how: dict[str, Any] = {"size": size, "content_type": content_type, "replace": replace}
            try:
                return target if upload(target, stream, calls=self.calls, **how) else None
            except NotFound as error:
                raise no_bucket(self.bucket) from error

    def delete(self, names: Iterable[str]) -> int:
        """Delete some at a time; one whose answer was lost may not be counted."""
        return sum(self.each(self._delete, names))

    def each(self, call: Callable[[T], U], items: Iterable[T]) -> tuple[U, ...]:
        """What `call` returns for each, of which some are asked for at a time."""
        with ThreadPoolExecutor(_WORKERS) as pool:
            return tuple(pool.map(call, items))

    def check(self) -> None:
        """List one object, and ask which of the permissions needed are granted."""
        self._bucket_seen = False
        self._require_bucket()
        try:
            with translated(self._root):
                granted = self._bucket.test_iam_permissions(_NEEDED, **self.calls)
        except NotFound:
            return  # an emulator has no permissions
        if refused := sorted(set(_NEEDED) - set(granted)):
            raise Misconfigured(
                f"Not permitted on {self._root}: {', '.join(refused)}."
                " Grant roles/storage.objectUser on the bucket to the account this runs as."
            )

    @property
    def _bucket(self) -> Bucket:
        return self.connection.client.bucket(self.bucket)

    @property
    def _root(self) -> str:
        return f"gs://{self.bucket}"

    def _require_bucket(self) -> None:
        """Find out, once, whether "not found" was said of the object or of its bucket."""
        if self._bucket_seen:
            return
        try:
            with translated(self._root):
                next(iter(self._bucket.list_blobs(max_results=1, **self.calls)), None)
        except NotFound as error:
            raise no_bucket(self.bucket) from error
        self._bucket_seen = True

    def _fetch(self, pinned: StoredBlob, uri: str, start: int, stop: int) -> bytes:
        try:
            with translated(uri):
                # Raw: as it is stored, or a range of it would not be a range of what is read.
                data: bytes = pinned.download_as_bytes(
                    start=start, end=stop - 1, raw_download=True, checksum=None, **self.calls
                )
        except NotFound as error:
            why = "it was replaced or deleted after it was opened"
            raise BlobNotFound(uri, why) from error
        return data

    def _delete(self, name: str) -> bool:
        try:
            with translated(self.uri(name)):
                self.object(name).delete(**self.calls)
        except NotFound:
            self._require_bucket()
            return False
        return True
