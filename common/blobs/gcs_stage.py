"""A stage in Cloud Storage: objects among the half-written ones, copied inside the store.

A copy within a bucket moves no bytes, however large it is. The names are hashes: a path and what
stands before it may together be longer than a name can be.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING, BinaryIO

from google.api_core.exceptions import NotFound, PreconditionFailed

from common.blobs.content_types import UNKNOWN, guess_content_type
from common.blobs.gcs_errors import translated
from common.blobs.paths import PARTIAL, check_path
from common.blobs.stage import Published, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.cloud.storage import Blob as StoredBlob

    from common.blobs.gcs_objects import GcsObjects
    from common.blobs.sources import Source

__all__ = ["GcsStage"]


class GcsStage(Stage):
    """The objects below `prefix`.partial/`name`/; `name_of` tells the name of the object that a
    path is."""

    def __init__(
        self, objects: GcsObjects, prefix: str, name: str, *, name_of: Callable[[str], str]
    ) -> None:
        self._objects, self._name_of = objects, name_of
        self._here = f"{prefix}{PARTIAL}/{name}/"

    def write(self, path: str, source: Source, *, content_type: str | None = None) -> None:
        """Upload it like a blob."""
        self._upload(self._file(path), source, content_type or guess_content_type(path))

    def open(self, path: str) -> BinaryIO:
        """Pin the object that is there now."""
        return self._objects.open(self._file(path), self._objects.uri(self._name_of(path)))

    def note(self, name: str, data: bytes) -> None:
        """Upload it."""
        self._upload(self._note(name), data, UNKNOWN)

    def notes(self) -> dict[str, str]:
        """List them."""
        start = self._note("")
        return {blob.name.removeprefix(start): blob.etag for blob in self._objects.list(start)}

    def read_note(self, name: str) -> bytes:
        """Download it."""
        with self._objects.open(self._note(name), name) as stream:
            return stream.read()

    def publish(self, wanted: Mapping[str, int]) -> Published:
        """Copy each if-absent, and delete what was copied."""
        staged = self._staged()
        whole = [path for path, size in wanted.items() if staged.get(self._file(path)) == size]
        were_free = dict(zip(whole, self._objects.each(self._copy, whole), strict=True))
        copied = [self._file(path) for path, was_free in were_free.items() if was_free]
        self._objects.delete(copied)
        return Published(
            taken=[path for path, was_free in were_free.items() if was_free is False],
            absent=[path for path in wanted if were_free.get(path) is None],
        )

    def remove(self) -> None:
        """Delete some at a time; the notes last, which tell what is staged."""
        for part in ("files/", ""):
            self._objects.delete([blob.name for blob in self._objects.list(self._here + part)])

    def _staged(self) -> dict[str, int]:
        """The sizes of all objects that are files, by their names."""
        return {blob.name: blob.size for blob in self._objects.list(f"{self._here}files/")}

    def _file(self, path: str) -> str:
        digest = hashlib.sha256(check_path(path).encode()).hexdigest()
        return f"{self._here}files/{digest}"

    def _note(self, name: str) -> str:
        return f"{self._here}notes/{name}"

    def _upload(self, name: str, source: Source, content_type: str) -> None:
        self._objects.write(name, source, content_type=content_type, replace=True)

    def _copy(self, path: str) -> bool | None:
        """False where the path is taken, by anything but an earlier copy of the same upload; None
        where it is staged no more: another publisher was quicker, or has given up."""
        objects, name = self._objects, self._name_of(path)
        source, target = objects.object(self._file(path)), objects.object(name)
        with translated(objects.uri(name)):
            try:
                source.reload(**self._objects.calls)
            except NotFound:
                return None
            # An emulator may not hold the condition of a copy, as Cloud Storage does.
            with contextlib.suppress(NotFound):
                target.reload(**self._objects.calls)
                return _is_copy(target, source)
            return self._rewrite(source, target)

    def _rewrite(self, source: StoredBlob, target: StoredBlob) -> bool | None:
        target.content_type, target.metadata = source.content_type, source.metadata
        token, is_done = None, False
        try:
            while not is_done:
                token, _, _ = target.rewrite(
                    source, token=token, if_generation_match=0, **self._objects.calls
                )
                is_done = token is None
        except PreconditionFailed:
            target.reload(**self._objects.calls)
            return _is_copy(target, source)
        except NotFound:
            return None
        return True


def _is_copy(target: StoredBlob, source: StoredBlob) -> bool:
    """Each upload carries a mark of its own, and so does what is copied from it."""
    return bool(source.metadata and target.metadata == source.metadata)
