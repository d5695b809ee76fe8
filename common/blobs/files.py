"""Blobs in files, for a laptop: what is at `path` is the file `root/path`."""

from __future__ import annotations

import contextlib
import os
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, ClassVar
from urllib.parse import quote, unquote_to_bytes

from common.blobs.base import Blob, Blobs, check_expiry
from common.blobs.content_types import guess_content_type
from common.blobs.errors import BadPath, BlobExists, BlobNotFound, CannotSign
from common.blobs.file_errors import nearest, reading, translated, unusable
from common.blobs.file_stage import FileStage
from common.blobs.folders import folder, prune, walk
from common.blobs.partials import Partial, partial, sweep_partials
from common.blobs.paths import check_path, check_paths, check_prefix
from common.blobs.publish import publish
from common.blobs.settle import Settling
from common.blobs.sources import Source, SourceReader, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import timedelta

    from common.blobs.stage import Stage

__all__ = ["FileBlobs", "folder_of"]

_CHUNK_BYTES = 1024 * 1024
# Without O_NONBLOCK, a named pipe that lies in the root would be waited for.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def folder_of(url: str) -> str:
    """Return the folder that a file:/// URL names."""
    encoded = url.removeprefix("file://").encode("utf-8", "surrogatepass")
    return os.fsdecode(unquote_to_bytes(encoded))


class FileBlobs(Blobs):
    """Blobs below the folder `root`, which is made at the first write."""

    can_nest: ClassVar[bool] = False
    keeps_content_type: ClassVar[bool] = False

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = os.path.abspath(root)  # noqa: PTH100 - links in the root's own path stay
        self._base = "file://" + quote(os.fsencode(os.path.join(self._root, "")))  # noqa: PTH118
        self._swept = False

    def write(
        self, path: str, source: Source, *, content_type: str | None = None, replace: bool = False
    ) -> Blob:
        """Write beside, then put in place by one atomic step; the content type is the name's."""
        del content_type
        if self.stat(path) and not replace:
            raise BlobExists(self.uri(path))
        with opened(source) as stream, contextlib.ExitStack() as stack:
            with translated(self._root, path):
                written = stack.enter_context(partial(self._root))
                self._sweep_once(written)
            self._fill(written, stream, path)
            with translated(self._root, path):
                if not publish(written, self._root, path, replace=replace):
                    raise BlobExists(self.uri(path))
                return self._blob(path, os.fstat(written.file))

    def open(self, path: str) -> BinaryIO:
        """Open the file: its bytes stay readable when it is replaced or deleted."""
        *parents, name = check_path(path).split("/")
        try:
            with reading(self._root, path), folder(self._root, parents) as here:
                file = os.open(name, _READ, dir_fd=here)
        except FileNotFoundError as error:
            raise BlobNotFound(self.uri(path)) from error
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise BlobNotFound(self.uri(path))
        return os.fdopen(file, "rb")

    def stat(self, path: str) -> Blob | None:
        """Look at the file; a link or a folder is no blob."""
        *parents, name = check_path(path).split("/")
        try:
            with reading(self._root, path), folder(self._root, parents) as here:
                status = os.stat(name, dir_fd=here, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return self._blob(path, status) if stat.S_ISREG(status.st_mode) else None

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Walk through the folders that can hold the prefix."""
        check_prefix(prefix)
        return self._list(prefix)

    def delete(self, paths: Iterable[str]) -> int:
        """Unlink the files, and remove the folders that this leaves empty."""
        return sum([self._delete(path) for path in check_paths(paths)])

    def sign(self, path: str, expires: timedelta) -> str:
        """Raise CannotSign: nobody serves the files."""
        check_expiry(expires)
        why = "files have none; open it here, or set RUNJOBS_BLOBS to gs://bucket"
        raise CannotSign(self.uri(path), why)

    def uri(self, path: str) -> str:
        """Return file:///root/path, percent-encoded."""
        return self._base + quote(check_path(path))

    def path(self, uri: str) -> str:
        """Decode `uri` and take the root off it."""
        decoded, base = folder_of(uri), folder_of(self._base)
        if not uri.startswith("file://") or not decoded.startswith(base):
            raise BadPath(uri, f"it is not below {self._base}")
        return check_path(decoded.removeprefix(base))

    def stage(self, name: str) -> Stage:
        """Return a folder among the half-written files."""
        return FileStage(self._root, check_path(name))

    def check(self) -> None:
        """Look whether the root, or the folder it is to be made in, can be written to."""
        there = nearest(self._root)
        if not os.path.isdir(there):  # noqa: PTH112 - it is a text
            raise unusable(self._root, f"{there} is not a folder")
        if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
            raise unusable(self._root, f"{there} is not writable")

    def _sweep_once(self, written: Partial) -> None:
        if not self._swept:
            self._swept = True
            sweep_partials(written)

    def _fill(self, written: Partial, stream: SourceReader, path: str) -> None:
        # Reading stays outside of what is translated: its errors are the source's own.
        settling = Settling(written.file)
        while data := stream.read(_CHUNK_BYTES):
            with translated(self._root, path):
                written.append(data)
            settling.wrote(len(data))

    def _list(self, prefix: str) -> Iterator[Blob]:
        with reading(self._root), contextlib.suppress(FileNotFoundError):
            for path, status in walk(self._root, prefix):
                yield self._blob(path, status)

    def _delete(self, path: str) -> int:
        *parents, name = path.split("/")
        if self.stat(path) is None:
            return 0
        try:
            with reading(self._root, path), folder(self._root, parents) as here:
                os.unlink(name, dir_fd=here)
        except FileNotFoundError:
            return 0
        prune(self._root, parents)
        return 1

    def _blob(self, path: str, status: os.stat_result) -> Blob:
        seconds, nanoseconds = divmod(status.st_mtime_ns, 1_000_000_000)
        updated = datetime.fromtimestamp(seconds, UTC).replace(microsecond=nanoseconds // 1000)
        return Blob(
            path=path,
            uri=self.uri(path),
            size=status.st_size,
            content_type=guess_content_type(path),
            updated=updated,
            etag=f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}",
        )
