"""A stage in files: a folder among the half-written ones, laid out like what it is to become.

So a whole folder of blobs is published by one rename where there was none, and by a link for each
file where there was. A file of its own for each write, put in place by a rename, would be twice the
system's work for small ones: the first writer of a path writes in place, for nobody but the notes
says what is whole; who finds a file there, be it half of one, writes beside and replaces it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from common.blobs.errors import BlobNotFound, StageRemoved
from common.blobs.file_errors import translated
from common.blobs.folders import folder
from common.blobs.merging import merge
from common.blobs.paths import PARTIAL, check_path
from common.blobs.settle import Settling, settle
from common.blobs.sources import opened
from common.blobs.stage import Published, Stage
from common.blobs.staged_files import (
    TRIES,
    append,
    create,
    etag_of,
    move,
    unlink,
    write_new,
)
from common.errors import Unavailable

if TYPE_CHECKING:
    from common.blobs.sources import Source

__all__ = ["FileStage"]

_CHUNK_BYTES = 128 * 1024


class FileStage(Stage):
    """The stage `name` of the blobs below `root`."""

    def __init__(self, root: str, name: str) -> None:
        self._root = root
        self._here = f"{root}/{PARTIAL}/{name}"
        self._files, self._notes = f"{self._here}/files", f"{self._here}/notes"
        self._beside = f"{self._here}/beside"

    def write(self, path: str, source: Source, *, content_type: str | None = None) -> None:
        """Write in place where nothing is, else beside; the content type is the name's."""
        del content_type
        target = f"{self._files}/{check_path(path)}"
        if not (type(source) is bytes and write_new(target, source)):
            self._write(target, source, path)

    def open(self, path: str) -> BinaryIO:
        """Open the file."""
        return self._open(f"{self._files}/{check_path(path)}", path)

    def note(self, name: str, data: bytes) -> None:
        """Write beside, and put in place; again where others remove the stage meanwhile."""
        target = f"{self._notes}/{check_path(name)}"
        if not any(self._replace(target, data, name) for _ in range(TRIES)):
            raise StageRemoved(target)

    def notes(self) -> dict[str, str]:
        """Look at the notes' folder."""
        with (
            self._translated(),
            contextlib.suppress(FileNotFoundError),
            os.scandir(self._notes) as entries,
        ):
            return {entry.name: etag_of(entry) for entry in entries}
        return {}

    def read_note(self, name: str) -> bytes:
        """Read the file."""
        with self._open(f"{self._notes}/{check_path(name)}", name) as stream:
            return stream.read()

    def publish(self, wanted: Mapping[str, int]) -> Published:
        """Write all to the disk, and put it in place folder by folder."""
        staged = self._staged()
        whole = {path for path, size in staged.items() if wanted.get(path) == size}
        for path in staged.keys() - whole:  # folders are moved with all that is in them
            unlink(f"{self._files}/{path}")
        taken: list[str] = []
        with self._translated():
            try:
                taken = self._publish()
            except FileNotFoundError:  # another publisher was quicker, or has given up
                whole = set()
        return Published(taken=taken, absent=[path for path in wanted if path not in whole])

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._here, ignore_errors=True)
        with contextlib.suppress(OSError):  # others may have something there
            os.rmdir(f"{self._root}/{PARTIAL}")  # noqa: PTH106 - a text

    def _publish(self) -> list[str]:
        with folder(self._files, ()) as staged:
            settle(staged)
            with folder(self._root, (), create=True) as target:
                for _ in range(TRIES):
                    taken = merge(staged, target)
                    if len(taken) == len(self._staged()):
                        return taken
        # A deleter removes folders, empty as they still are, between our steps.
        raise Unavailable(f"The folders below {self._root} keep being removed: try again.")

    def _staged(self) -> dict[str, int]:
        """The sizes of all files, by their paths."""
        found: dict[str, int] = {}
        folders = [""]
        while folders:
            above = folders.pop()
            with contextlib.suppress(FileNotFoundError), os.scandir(self._files + above) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{above}/{entry.name}")
                    else:
                        size = entry.stat(follow_symlinks=False).st_size
                        found[f"{above}/{entry.name}"[1:]] = size
        return found

    def _open(self, file: str, path: str) -> BinaryIO:
        try:
            with self._translated(path):
                return open(file, "rb")  # noqa: PTH123 - a text
        except FileNotFoundError as error:
            raise BlobNotFound(f"{self._root}/{path}", "it is not staged") from error

    def _write(self, target: str, source: Source, path: str) -> None:
        with self._translated(path):
            file = create(target)
        if file is not None:
            self._fill(file, source, path, target)
        elif not self._replace(target, source, path):
            raise StageRemoved(target)

    def _replace(self, target: str, source: Source, path: str) -> bool:
        written = f"{self._beside}/{os.urandom(16).hex()}"
        with self._translated(path):
            file = create(written)
        assert file is not None, "a random name"  # noqa: S101
        self._fill(file, source, path, written)
        with self._translated(path):
            return move(written, target)

    def _fill(self, file: int, source: Source, path: str, written: str) -> None:
        try:
            # Reading stays outside of what is translated: its errors are the source's own.
            with opened(source) as stream:
                settling = Settling(file)
                while data := stream.read(_CHUNK_BYTES):
                    with self._translated(path):
                        append(file, data)
                    settling.wrote(len(data))
        except BaseException:
            unlink(written)
            raise
        finally:
            os.close(file)

    @contextlib.contextmanager
    def _translated(self, path: str = "") -> Iterator[None]:
        with translated(self._root, path):
            yield
