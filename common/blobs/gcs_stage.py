"""A stage in Cloud Storage: objects among the half-written ones, copied inside the store.

A copy within a bucket moves no bytes, however large it is. The names are hashes: a path and what
stands before it may together be longer than a name can be.
"""

from __future__ import annotations

import contextlib
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, BinaryIO

from google.api_core.exceptions import NotFound, PreconditionFailed

from common.blobs.content_types import guess_content_type
from common.blobs.gcs_errors import no_bucket, translated
from common.blobs.gcs_upload import simple_size, upload
from common.blobs.paths import PARTIAL, check_path
from common.blobs.sources import opened
from common.blobs.stage import Published, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.cloud.storage import Blob as StoredBlob
    from google.cloud.storage import Bucket

    from common.blobs.sources import Source

__all__ = ["GcsStage"]

# As many connections as the HTTP client keeps open.
_WORKERS = 8


class GcsStage(Stage):
    """The objects below `prefix`.partial/`name`/ of `bucket`.

    `read` opens an object by its name, `calls` are timeout and retry of each request, and
    `object_of` tells the name of the object that a path is.
    """

    def __init__(  # noqa: PLR0913 - what its store lends it
        self,
        bucket: Callable[[], Bucket],
        prefix: str,
        name: str,
        *,
        calls: dict[str, Any],
        object_of: Callable[[str], str],
        read: Callable[[str, str], BinaryIO],
    ) -> None:
        self._bucket, self._calls, self._object_of, self._read = bucket, calls, object_of, read
        self._here = f"{prefix}{PARTIAL}/{name}/"

    def write(self, path: str, source: Source, *, content_type: str | None = None) -> None:
        """Upload it like a blob."""
        self._upload(self._file(path), source, content_type or guess_content_type(path))

    def open(self, path: str) -> BinaryIO:
        """Pin the object that is there now."""
        return self._read(self._file(path), f"gs://{self._bucket().name}/{self._object_of(path)}")

    def note(self, name: str, data: bytes) -> None:
        """Upload it."""
        self._upload(self._note(name), data, "application/octet-stream")

    def notes(self) -> dict[str, str]:
        """List them."""
        start = self._note("")
        return {blob.name.removeprefix(start): blob.etag for blob in self._list(start)}

    def read_note(self, name: str) -> bytes:
        """Download it."""
        with self._read(self._note(name), name) as stream:
            return stream.read()

    def publish(self, wanted: Mapping[str, int]) -> Published:
        """Copy each if-absent, and delete what was copied."""
        staged = {blob.name: blob.size for blob in self._list(f"{self._here}files/")}
        whole = [path for path, size in wanted.items() if staged.get(self._file(path)) == size]
        were_free = dict(zip(whole, self._each(self._copy, whole), strict=True))
        copied = [self._file(path) for path, was_free in were_free.items() if was_free]
        self._each(self._delete, copied)
        return Published(
            taken=[path for path, was_free in were_free.items() if was_free is False],
            absent=[path for path in wanted if were_free.get(path) is None],
        )

    def remove(self) -> None:
        """Delete some at a time; the notes last, which tell what is staged."""
        for part in ("files/", ""):
            self._each(self._delete, [blob.name for blob in self._list(self._here + part)])

    def _file(self, path: str) -> str:
        digest = hashlib.sha256(check_path(path).encode()).hexdigest()
        return f"{self._here}files/{digest}"

    def _note(self, name: str) -> str:
        return f"{self._here}notes/{name}"

    def _upload(self, name: str, source: Source, content_type: str) -> None:
        target = self._bucket().blob(name)
        with opened(source) as stream:
            size = simple_size(stream)
            how: dict[str, Any] = {"size": size, "content_type": content_type, "replace": True}
            try:
                upload(target, stream, calls=self._calls, **how)
            except NotFound as error:
                raise no_bucket(self._bucket().name) from error

    def _list(self, prefix: str) -> list[StoredBlob]:
        try:
            with translated(f"gs://{self._bucket().name}"):
                return list(self._bucket().list_blobs(prefix=prefix, **self._calls))
        except NotFound as error:
            raise no_bucket(self._bucket().name) from error

    def _copy(self, path: str) -> bool | None:
        """False where the path is taken, by anything but an earlier copy of the same upload; None
        where it is staged no more: another publisher was quicker, or has given up."""
        bucket = self._bucket()
        source, target = bucket.blob(self._file(path)), bucket.blob(self._object_of(path))
        with translated(f"gs://{bucket.name}/{target.name}"):
            try:
                source.reload(**self._calls)
            except NotFound:
                return None
            # An emulator may not hold the condition of a copy, as Cloud Storage does.
            with contextlib.suppress(NotFound):
                target.reload(**self._calls)
                return _is_copy(target, source)
            return self._rewrite(source, target)

    def _rewrite(self, source: StoredBlob, target: StoredBlob) -> bool | None:
        target.content_type, target.metadata = source.content_type, source.metadata
        token, is_done = None, False
        try:
            while not is_done:
                token, _, _ = target.rewrite(
                    source, token=token, if_generation_match=0, **self._calls
                )
                is_done = token is None
        except PreconditionFailed:
            target.reload(**self._calls)
            return _is_copy(target, source)
        except NotFound:
            return None
        return True

    def _delete(self, name: str) -> None:
        try:
            with translated(name):
                self._bucket().blob(name).delete(**self._calls)
        except NotFound:
            pass

    def _each(self, call: Callable[[str], Any], items: list[str]) -> list[Any]:
        with ThreadPoolExecutor(_WORKERS) as pool:
            return list(pool.map(call, items))


def _is_copy(target: StoredBlob, source: StoredBlob) -> bool:
    """Each upload carries a mark of its own, and so does what is copied from it."""
    return bool(source.metadata and target.metadata == source.metadata)
